using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessMeta.App;

/// <summary>
/// Refuses a target with <c>.</c> or <c>..</c> among its names, also escaped: the host takes them out of the path before anyone sees it, and what is left names
/// something that the caller did not.
/// </summary>
internal sealed class ClimbingPathMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        return Climbs(path)
            ? Answers.WriteAsync(context, StatusCodes.Status400BadRequest, "INVALID_PARAMETER_VALUE", "Invalid path: a name in it is '.' or '..'.", PathString.FromUriComponent(path.StartsWith('/') ? path : "/"))
            : next(context);
    }

    // Most targets have no dot between slashes, and are let pass at once.
    private static bool Climbs(string path) =>
        (path.Contains("/.", StringComparison.Ordinal) || path.Contains('%', StringComparison.Ordinal))
        && Uri.UnescapeDataString(path).Split('/', '\\').Any(static name => name is "." or "..");
}
