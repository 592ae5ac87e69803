using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Access;

/// <summary>
/// The token of a person who signed in with a browser: a cookie that no script reads, that is sent over TLS alone (and to loopback), and never with what another site asks for. It stands for an
/// Authorization header where there is none.
/// </summary>
public static class AccessCookie
{
    /// <summary>Where a browser signs in.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>Where it signs out.</summary>
    public const string SignOut = "/sign-out";

    // Browsers take a name that begins so from the host itself alone, for all of its paths.
    private const string Name = "__Host-serverlessmeta";
    private const int LongestToken = 1024;
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    public static void Set(HttpResponse response, string token)
    {
        var options = Options();
        options.MaxAge = Lasts;
        response.Cookies.Append(Name, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token)), options);
    }

    public static void Remove(HttpResponse response) => response.Cookies.Delete(Name, Options());

    /// <summary>The token; null when there is no such cookie, or it is none that was set here.</summary>
    public static string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 and <= LongestToken * 2 } value && Base64Url.IsValid(value) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value)) : null;

    /// <summary>Whether a token is short enough to be a cookie.</summary>
    public static bool Fits(string token) => Encoding.UTF8.GetByteCount(token) is > 0 and <= LongestToken;

    /// <summary>Whether the browser says that a page of this store asks: another site's could send a form with the reader's cookie along, were it not for SameSite, which a site of the same registrable domain passes.</summary>
    public static bool IsSameOrigin(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
        ? site == "same-origin"
        : Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>An address within the store; the first page for any other.</summary>
    public static string Within(string? address) =>
        address is ['/', .. var rest] && (rest.Length == 0 || rest[0] is not ('/' or '\\')) && !address.Any(static letter => char.IsControl(letter) || letter > '~') ? address : "/";

    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
