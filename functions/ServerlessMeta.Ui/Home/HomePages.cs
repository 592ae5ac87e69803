using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Home;

/// <summary>The page at <c>/</c>.</summary>
internal static class HomePages
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/", Get);

    private static IResult Get(HttpRequest request) => Page.Show<HomePage>(new HomeModel(FirstSteps.Of(request)));
}
