using System.Globalization;
using System.Numerics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServerlessMeta.Platform;

/// <summary>Which revision has to be in force for a write, as the request says it: by <c>If-Match</c> the one of an ETag, by <c>If-None-Match: *</c> none.</summary>
internal static class ExpectedRevision
{
    /// <param name="request">What was sent.</param>
    /// <param name="revision">0: none; null: any.</param>
    /// <returns>Whether what it says can be read.</returns>
    public static bool TryRead<T>(HttpRequest request, out T? revision)
        where T : struct, IBinaryInteger<T>
    {
        revision = null;
        if (request.Headers.IfNoneMatch == "*")
        {
            revision = T.Zero;
            return true;
        }
        if (request.Headers.IfMatch.Count == 0 || request.Headers.IfMatch == "*")
        {
            return true;
        }
        // No ETag is made of 0, which would stand for none.
        if (EntityTagHeaderValue.TryParse(request.Headers.IfMatch.ToString(), out var tag) && T.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > T.Zero)
        {
            revision = number;
            return true;
        }
        return false;
    }
}
