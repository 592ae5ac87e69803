using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Runs;

public sealed class RunsOptions
{
    public const string Section = "Runs";

    /// <summary>What an instance keeps of the state of runs it writes, in MiB; a run beyond it costs one more read at its next write.</summary>
    [Range(1, 4096)]
    public int CacheMegabytes { get; init; } = 64;
}
