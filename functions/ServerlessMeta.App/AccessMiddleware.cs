using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ServerlessMeta.App;

/// <summary>
/// Where a token is required, every request but <c>/health</c> needs it, as Bearer or as the password of Basic. On a loopback host without one, a request must
/// be meant for loopback: a page from elsewhere can neither rebind a name to it nor post to it.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, TokenRequirement token, IOptions<AccessOptions> options)
{
    private readonly byte[] expected = options.Value.AdminTokenSha256 is { Length: 64 } hex ? Convert.FromHexString(hex) : [];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals("/health", StringComparison.Ordinal))
        {
            return next(context);
        }
        if (token.Applies)
        {
            if (expected.Length == 0)
            {
                return RefuseAsync(context, "This store has no administrator's token: set Access:AdminTokenSha256 to its SHA-256.");
            }
            return IsAdministrator(context.Request) ? next(context) : RefuseAsync(context, "The administrator's token is needed, as Bearer token or as Basic password.");
        }
        if (!IsLoopback(context.Request.Host.Host))
        {
            return Answers.WriteAsync(context, StatusCodes.Status403Forbidden, "PERMISSION_DENIED", "This store answers only to loopback names.");
        }
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length > 0 && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsLoopback(from.Host))
            ? Answers.WriteAsync(context, StatusCodes.Status403Forbidden, "PERMISSION_DENIED", "This store takes no writes from other sites' pages.")
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
        return Answers.WriteAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHENTICATED", message);
    }

    private bool IsAdministrator(HttpRequest request)
    {
        var given = TokenOf(request.Headers.Authorization.ToString());
        return given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), expected);
    }

    private static string? TokenOf(string authorization)
    {
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization[7..].Trim();
        }
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var decoded = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[6..].Trim(), decoded, out var length))
        {
            return null;
        }
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
