using System.ComponentModel.DataAnnotations;
using ServerlessMeta.Access;

namespace ServerlessMeta.App;

public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>SHA-256 of the administrator's token, in hex.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$")]
    public string? AdminTokenSha256 { get; init; }

    /// <summary>
    /// Whether App Service's authentication stands before the store, so that its X-MS-CLIENT-PRINCIPAL headers say who calls. Where it does not, anybody can send them: leave it off.
    /// </summary>
    public bool TrustPrincipalHeader { get; init; }

    /// <summary>The role of a principal that has no app role: Reader, Writer, Approver or Admin.</summary>
    public Role PrincipalRole { get; init; } = Role.Reader;
}
