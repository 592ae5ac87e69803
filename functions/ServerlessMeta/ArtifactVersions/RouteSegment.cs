using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// A segment of the path, decoded whole. The server decodes a path but for <c>%2F</c>, so the route's value cannot tell an encoded slash from the three characters
/// themselves; the request's target as it was sent can.
/// </summary>
internal static class RouteSegment
{
    private const string Slash = "%2F";

    /// <param name="context">The request.</param>
    /// <param name="routed">The route's value of the segment.</param>
    /// <param name="behind">How many segments of the route come after it.</param>
    public static string Decode(HttpContext context, string routed, int behind)
    {
        if (!routed.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return routed;
        }
        var decoded = routed.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase);
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var segments = target.Split('?', 2)[0].TrimEnd('/').Split('/');
        if (segments.Length <= behind)
        {
            return decoded;
        }
        // Dots in the target would have moved the segments; then the route's value has to do.
        var sent = Uri.UnescapeDataString(segments[^(behind + 1)]);
        return sent.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase) == decoded ? sent : decoded;
    }
}
