using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ServerlessMeta.App;

/// <summary>The page at <c>/</c>: what this is and how to log to it.</summary>
internal static class LandingPage
{
    private static readonly string Page = Read();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", static (HttpContext context) => Results.Content(
            Page.Replace("{{address}}", System.Net.WebUtility.HtmlEncode($"{context.Request.Scheme}://{context.Request.Host}"), StringComparison.Ordinal), "text/html; charset=utf-8"))
            .ExcludeFromDescription();

    private static string Read()
    {
        using var stream = typeof(LandingPage).Assembly.GetManifestResourceStream("Landing.html")!;
        using var reader = new StreamReader(stream);
        var version = typeof(LandingPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        return reader.ReadToEnd().Replace("{{version}}", version, StringComparison.Ordinal);
    }
}
