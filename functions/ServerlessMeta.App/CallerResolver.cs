using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

/// <summary>
/// Who calls: by the administrator's token, by an API token, as App Service's authenticated principal where that is trusted, and on a loopback host without tokens as whoever the caller says.
/// What is given as a token has to be valid, on every host.
/// </summary>
internal sealed class CallerResolver(TokenStore tokens, TokenRequirement requirement, IOptions<AccessOptions> options)
{
    private const string LocalName = "local";

    // Whoever uses the administrator's token is one caller, whatever user stands beside it: one person cannot pass as two by it.
    private static readonly Caller Administrator = new("admin", Role.Admin, "admin-token");

    private readonly byte[] expected = options.Value.AdminTokenSha256 is { Length: 64 } hex ? Convert.FromHexString(hex) : [];

    public async ValueTask<Recognition> RecognizeAsync(HttpRequest request, CancellationToken ct)
    {
        var given = Credentials.Of(request.Headers.Authorization.ToString());
        if (given.Secret is { } secret && await RecognizeAsync(secret, ct) is { } byToken)
        {
            return byToken;
        }
        // A cookie that is not valid any more is none: whoever has it signs in again.
        if (request.Headers.Authorization.Count == 0 && AccessCookie.Read(request) is { } kept && await RecognizeAsync(kept, ct) is { Caller: not null } byCookie)
        {
            return IsRead(request.Method) || AccessCookie.IsSameOrigin(request)
                ? byCookie
                : Recognition.Refused("A write by a cookie comes from a page of this store; send a token in Authorization otherwise.");
        }
        if (options.Value.TrustPrincipalHeader && AuthenticatedPrincipal.IsIn(request.Headers))
        {
            return AuthenticatedPrincipal.Recognize(request.Headers, options.Value.PrincipalRole);
        }
        return requirement.Applies ? Refuse() : RecognizeLocal(given);
    }

    /// <summary>Who calls by a token; null when it is meant neither as the administrator's nor as an API token.</summary>
    public async ValueTask<Recognition?> RecognizeAsync(string secret, CancellationToken ct) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), expected) ? Recognition.Of(Administrator)
        : TokenStore.IsMeant(secret) ? await tokens.RecognizeAsync(secret, ct)
        : null;

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private Recognition Refuse() => Recognition.Refused(expected.Length == 0 && !options.Value.TrustPrincipalHeader
        ? "This store has no administrator's token: set Access:AdminTokenSha256 to its SHA-256."
        : "A valid token is needed, as Bearer token or as Basic password.");

    private static Recognition RecognizeLocal(Credentials given) => given switch
    {
        { IsBroken: true } => Recognition.Refused("The credentials cannot be read: Basic has base64 of user:password."),
        { User: null, Secret: not null } => Recognition.Refused("The token is not known to this store."),
        { User: null or "" } => Local(LocalName),
        { User: { } user } => CallerName.Read(user) is { } name ? Local(name) : Recognition.Refused($"The user name is no caller's. {CallerName.Rule}"),
    };

    private static Recognition Local(string name) => Recognition.Of(new Caller(name, Role.Admin, "local"));
}
