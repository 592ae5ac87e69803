using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Platform;

/// <summary>Where records and bytes are kept: a connection string, or the two service addresses with a managed identity (AZURE_CLIENT_ID names it when it is user-assigned).</summary>
public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "Storage";

    public string? ConnectionString { get; init; }

    public Uri? TableServiceUri { get; init; }

    public Uri? BlobServiceUri { get; init; }

    /// <summary>Begins the names of tables and containers.</summary>
    [Required]
    [RegularExpression("^[a-z][a-z0-9]{0,20}$")]
    public string TablePrefix { get; init; } = "smt";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(ConnectionString) && (TableServiceUri is null || BlobServiceUri is null))
        {
            yield return new ValidationResult("Set Storage:ConnectionString, or both Storage:TableServiceUri and Storage:BlobServiceUri.");
        }
    }
}
