using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>
/// Whom App Service authenticated, by the headers that it adds (and takes from requests that bring them, when its authentication is on; so they are read only when a setting says that it is). The
/// role is the highest of the app roles <c>Reader</c>, <c>Writer</c>, <c>Approver</c>, <c>Admin</c> among the claims.
/// </summary>
internal static class AuthenticatedPrincipal
{
    private const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string IdHeader = "X-MS-CLIENT-PRINCIPAL-ID";
    private const string ClaimsHeader = "X-MS-CLIENT-PRINCIPAL";
    private static readonly string[] RoleClaims = ["roles", "role", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];
    private static readonly string[] NameClaims = ["preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"];

    public static bool IsIn(IHeaderDictionary headers) => headers.ContainsKey(ClaimsHeader) || headers.ContainsKey(NameHeader);

    /// <param name="usual">The role of a principal without an app role.</param>
    public static Recognition Recognize(IHeaderDictionary headers, Role usual)
    {
        List<(string Type, string Value)> claims;
        string[] roleClaims;
        try
        {
            (claims, roleClaims) = Read(headers[ClaimsHeader].ToString());
        }
        catch (Exception broken) when (broken is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Recognition.Refused($"{ClaimsHeader} cannot be read.");
        }
        // A name that is none of ours (a display name, say), or that of one of the store's own callers, gives way to the id, which tells people apart as well.
        string[] names = [headers[NameHeader].ToString(), .. claims.Where(static claim => NameClaims.Contains(claim.Type, StringComparer.Ordinal)).Select(static claim => claim.Value), headers[IdHeader].ToString()];
        if (names.Select(CallerName.Read).FirstOrDefault(static name => name is not null && !CallerName.IsReserved(name)) is not { } name)
        {
            return Recognition.Refused($"{NameHeader} and {IdHeader} name nobody. {CallerName.Rule}");
        }
        var roles = claims.Where(claim => roleClaims.Contains(claim.Type, StringComparer.Ordinal)).Select(static claim => Roles.Find(claim.Value)).OfType<Role>().ToList();
        return Recognition.Of(new Caller(name, roles.Count > 0 ? roles.Max() : usual, "principal"));
    }

    private static (List<(string Type, string Value)> Claims, string[] RoleClaims) Read(string header)
    {
        if (header.Length == 0)
        {
            return ([], []);
        }
        using var document = JsonDocument.Parse(Convert.FromBase64String(header));
        var claims = new List<(string, string)>();
        if (document.RootElement.TryGetProperty("claims"u8, out var all))
        {
            claims.AddRange(all.EnumerateArray().Select(static claim => (claim.GetProperty("typ"u8).GetString() ?? "", claim.GetProperty("val"u8).GetString() ?? "")));
        }
        return (claims, document.RootElement.TryGetProperty("role_typ"u8, out var type) && type.GetString() is { Length: > 0 } own ? [.. RoleClaims, own] : RoleClaims);
    }
}
