using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Search;

public sealed class SearchOptions
{
    public const string Section = "Search";

    /// <summary>What an instance keeps of run states to search, in MiB; a larger experiment is searched by a scan.</summary>
    [Range(1, 16384)]
    public int IndexMegabytes { get; init; } = 300;
}
