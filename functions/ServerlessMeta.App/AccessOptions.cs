using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.App;

public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>SHA-256 of the administrator's token, in hex.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$")]
    public string? AdminTokenSha256 { get; init; }
}
