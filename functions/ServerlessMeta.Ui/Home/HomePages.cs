using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Home;

/// <summary>The page at <c>/</c>.</summary>
internal static class HomePages
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/", GetAsync);

    private static async Task<IResult> GetAsync(HttpRequest request, HomeReader reader, CancellationToken ct) => Page.Show<HomePage>(await reader.ReadAsync(FirstSteps.Of(request), ct));
}
