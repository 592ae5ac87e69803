using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Models;

public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>What an instance keeps of models and versions to search, in MiB; a larger registry is searched by a scan.</summary>
    [Range(1, 16384)]
    public int IndexMegabytes { get; init; } = 200;
}
