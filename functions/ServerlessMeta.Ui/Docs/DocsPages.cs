using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Docs;

/// <summary>The reference of the API.</summary>
internal static class DocsPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/docs", Get);

    private static IResult Get() => Page.Part<DocsPage>(new DocsModel("/openapi/v1.json"));
}
