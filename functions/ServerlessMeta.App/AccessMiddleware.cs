using System.Net;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>
/// Lets in who is known, as <see cref="Caller.Current"/> for the rest of the request; <c>/health</c>, the page where a browser signs in and what pages load are open. On a loopback host without tokens, a request must
/// be meant for loopback: a page from elsewhere can neither rebind a name to it nor post to it.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, TokenRequirement token, CallerResolver resolver)
{
    private static readonly Caller Anyone = new("anyone", Role.Reader, "none");

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context.Request.Path))
        {
            using var open = Anyone.Act();
            await next(context);
            return;
        }
        if (context.Features.Get<ActingCaller>() is { } known)
        {
            using var acting = known.Caller.Act();
            await next(context);
            return;
        }
        if (!token.Applies && RefuseElsewhere(context.Request) is { } elsewhere)
        {
            await Answers.WriteAsync(context, StatusCodes.Status403Forbidden, "PERMISSION_DENIED", elsewhere);
            return;
        }
        var recognized = await resolver.RecognizeAsync(context.Request, context.RequestAborted);
        if (recognized.Caller is not { } caller)
        {
            if (IsPageWanted(context.Request))
            {
                context.Response.Headers.CacheControl = "no-store";
                context.Response.Redirect($"{AccessCookie.SignIn}?return={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
                return;
            }
            // A browser would ask for a password by itself in the middle of a page.
            if (context.Request.Headers["Sec-Fetch-Mode"].Count == 0)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
            }
            await Answers.WriteAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHENTICATED", recognized.Refusal!);
            return;
        }
        using var scope = caller.Act();
        await next(context);
    }

    private static bool IsOpen(PathString path) => path.Equals("/health", StringComparison.Ordinal) || path.Equals(AccessCookie.SignIn, StringComparison.Ordinal)
        || path.Equals(AccessCookie.SignOut, StringComparison.Ordinal) || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    // A person with a browser who has not signed in, not a client that was refused.
    private static bool IsPageWanted(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Headers.Authorization.Count == 0
        && request.GetTypedHeaders().Accept.Any(static one => one.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static string? RefuseElsewhere(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            return "This store answers only to loopback names.";
        }
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsLoopback(from.Host))
            ? "This store takes no writes from other sites' pages."
            : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
