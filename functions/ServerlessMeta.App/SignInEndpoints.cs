using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>A browser posts a token once and has it as a cookie from then on. Forms, so that no script is needed.</summary>
internal static class SignInEndpoints
{
    private const int BodyBytes = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Open to anyone: the caller is not known yet, or not any more.
        routes.MapPost(AccessCookie.SignIn, SignInAsync).RequireRole(Role.Reader).ExcludeFromDescription();
        routes.MapPost(AccessCookie.SignOut, SignOut).RequireRole(Role.Reader).ExcludeFromDescription();
    }

    private static async Task<IResult> SignInAsync(HttpContext context, CallerResolver resolver, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        // Otherwise another site could sign its reader in as somebody else.
        if (!AccessCookie.IsSameOrigin(context.Request))
        {
            return TypedResults.Problem("Sign in on the page of this store.", statusCode: StatusCodes.Status403Forbidden);
        }
        if (!context.Request.HasFormContentType || context.Request.ContentLength is not <= BodyBytes)
        {
            return TypedResults.Problem("A form with a token is expected.", statusCode: StatusCodes.Status400BadRequest);
        }
        var form = await context.Request.ReadFormAsync(ct);
        var (token, back) = (form["token"].ToString().Trim(), AccessCookie.Within(form["return"]));
        if (!AccessCookie.Fits(token) || await resolver.RecognizeAsync(token, ct) is not { Caller: not null })
        {
            return Elsewhere($"{AccessCookie.SignIn}?failed=1&return={Uri.EscapeDataString(back)}");
        }
        AccessCookie.Set(context.Response, token);
        return Elsewhere(back);
    }

    private static IResult SignOut(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!AccessCookie.IsSameOrigin(context.Request))
        {
            return TypedResults.Problem("Sign out on a page of this store.", statusCode: StatusCodes.Status403Forbidden);
        }
        AccessCookie.Remove(context.Response);
        return Elsewhere(AccessCookie.SignIn);
    }

    // 303: whatever was posted, the next is read.
    private static SeeOther Elsewhere(string address) => new SeeOther(address);

    private sealed record SeeOther(string Address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = Address;
            return Task.CompletedTask;
        }
    }
}
