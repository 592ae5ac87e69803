using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Ui.Shell;

/// <summary>The headers of every page: scripts come from here alone, no other site frames a page, and a page is asked for again before it is shown again.</summary>
internal sealed class PageHeaders : IEndpointFilter
{
    // Styles in place carry colours of cells and widths of bars, and charts make their own.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }
}
