using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Artifacts;

public sealed class ArtifactsOptions
{
    public const string Section = "Artifacts";

    /// <summary>How long bytes that no file has are kept, in hours.</summary>
    [Range(1, 8760)]
    public int GraceHours { get; init; } = 24;
}
