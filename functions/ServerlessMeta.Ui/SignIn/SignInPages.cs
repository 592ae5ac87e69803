using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.SignIn;

/// <summary>Where a browser without a token ends up; the token is posted to the same address.</summary>
internal static class SignInPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet(AccessCookie.SignIn, Get);

    private static IResult Get(HttpRequest request, string? @return, string? failed) =>
        Page.Alone<SignInPage>(new SignInModel(AccessCookie.Within(@return), failed is not null, !request.IsHttps && request.Headers["X-Forwarded-Proto"].ToString() != "https" && !IsLoopback(request.Host.Host)));

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
