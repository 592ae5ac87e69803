using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Experiments;

public sealed class ExperimentsOptions
{
    public const string Section = "Experiments";

    /// <summary>log2 of the partitions that runs of a new experiment spread over; each takes 2,000 rows a second, and each costs a search one operation.</summary>
    [Range(0, 8)]
    public int PartitionBits { get; init; }
}
