using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Environments;

public sealed class EnvironmentsOptions
{
    public const string Section = "Environments";

    /// <summary>What an instance keeps of the packages of environments, to search, in MiB.</summary>
    [Range(1, 4096)]
    public int CatalogMegabytes { get; init; } = 32;
}
