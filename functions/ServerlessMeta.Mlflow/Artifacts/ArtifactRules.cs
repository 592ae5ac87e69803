using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Artifacts;

/// <summary>Reads and checks what calls about artifacts say.</summary>
internal static class ArtifactRules
{
    /// <summary>The scheme of this store's own artifact addresses.</summary>
    public const string Scheme = "mlflow-artifacts";

    /// <summary>As long as what a run or a model adds to its experiment's place, and a name of 100 characters in it.</summary>
    public static readonly string LongestOwnFolder = $"models/m-{new string('0', 32)}/artifacts/{new string('a', 100)}";

    private const int Md5Bytes = 16;
    private const int Sha256Bytes = 32;

    /// <summary>The path behind a route's fixed part.</summary>
    public static ArtifactPath PathOf(string routeValue, MlflowRequest request)
    {
        var text = request.Context.Request.RouteValues[routeValue] as string ?? "";
        return Parse(Raw(text, request.Context) ?? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), request);
    }

    // The host unescapes a path once but for slashes, so that an escaped slash and an escaped percent look alike: the target as it was sent tells them apart.
    private static string? Raw(string text, HttpContext context)
    {
        if (!text.Contains("%2F", StringComparison.OrdinalIgnoreCase) || context.Features.Get<IHttpRequestFeature>()?.RawTarget is not { Length: > 0 } target)
        {
            return null;
        }
        var path = target.Split('?')[0];
        var fixedPart = (context.Request.Path.Value ?? "")[..^text.Length];
        return path.StartsWith(fixedPart, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(path[fixedPart.Length..]) : null;
    }

    /// <summary>A folder or file named by a field; the root when absent.</summary>
    public static ArtifactPath PathOfField(string name, MlflowRequest request) => Parse((request.Text(name) ?? "").TrimEnd('/'), request);

    public static ArtifactPath Parse(string text, MlflowRequest request)
    {
        var path = ArtifactPath.Parse(text);
        if (!path.IsOk)
        {
            request.Refuse(MlflowError.From(path.Failure));
            return default;
        }
        return path.Value;
    }

    public static ArtifactPath Below(ArtifactPath folder, string relative, MlflowRequest request)
    {
        var path = folder.Below(relative);
        if (!path.IsOk)
        {
            request.Refuse(MlflowError.From(path.Failure));
            return default;
        }
        return path.Value;
    }

    /// <summary>What the uploader declares: <c>Content-Length</c>, <c>Content-Type</c>, <c>Content-MD5</c>, and <c>Content-Digest</c> or <c>Repr-Digest</c> with sha-256 (RFC 9530).</summary>
    public static DeclaredContent DeclaredOf(MlflowRequest request)
    {
        var headers = request.Context.Request.Headers;
        var md5 = headers.ContentMD5.ToString() is { Length: > 0 } given ? DigestOf(given, Md5Bytes, "Content-MD5", request) : null;
        var sha256 = (string?)null;
        foreach (var part in $"{headers["Content-Digest"]},{headers["Repr-Digest"]}".Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("sha-256=:", StringComparison.OrdinalIgnoreCase) && part.EndsWith(':') && part.Length > 10)
            {
                sha256 = DigestOf(part["sha-256=:".Length..^1], Sha256Bytes, "Content-Digest", request);
            }
        }
        var type = request.Context.Request.ContentType;
        // What clients send when they know nothing, or send a form's type by habit, says nothing.
        var known = type is null || type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? null : type;
        return new DeclaredContent(known, request.Context.Request.ContentLength, md5, sha256);
    }

    /// <summary>The body of an upload, of any size where the host lets it be.</summary>
    public static Stream BodyOf(MlflowRequest request)
    {
        if (request.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        return request.Context.Request.Body;
    }

    private static string? DigestOf(string base64, int bytes, string header, MlflowRequest request)
    {
        var digest = new byte[bytes + 2];
        if (base64.Length <= 64 && Convert.TryFromBase64String(base64, digest, out var length) && length == bytes)
        {
            return Convert.ToHexStringLower(digest.AsSpan(0, bytes));
        }
        request.Refuse(MlflowRequest.Invalid(Rules.Quote(base64), header, $"It must be {bytes} bytes in base64."));
        return null;
    }
}
