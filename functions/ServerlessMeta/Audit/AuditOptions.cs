using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace ServerlessMeta.Audit;

public sealed class AuditOptions : IValidatableObject
{
    public const string Section = "Audit";

    /// <summary>The private key that signs checkpoints: EC P-256, as PEM or as base64 of PKCS #8. Empty: they are chained, but not signed.</summary>
    public string SigningKey { get; init; } = "";

    /// <summary>
    /// Public keys that may have signed checkpoints, beside that of <see cref="SigningKey"/>: former ones, each as PEM or as base64 of its SubjectPublicKeyInfo, with
    /// <c>;</c> between.
    /// </summary>
    public string TrustedKeys { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (field, read) in ((string, Action)[])[(nameof(SigningKey), () => SealKeys.ReadPrivate(SigningKey)?.Dispose()), (nameof(TrustedKeys), () => SealKeys.ReadPublic(TrustedKeys))])
        {
            var broken = false;
            try
            {
                read();
            }
            catch (Exception wrong) when (wrong is CryptographicException or FormatException or ArgumentException)
            {
                broken = true;
            }
            if (broken)
            {
                yield return new ValidationResult($"{field} has a text that is no EC P-256 key, as PEM or base64.", [field]);
            }
        }
    }
}
