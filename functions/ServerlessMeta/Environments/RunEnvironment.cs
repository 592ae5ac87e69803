using System.Collections.Immutable;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>What is known of the environment a run ran in and of how it was launched: described, uploaded, and by its tags; what was described counts before the others.</summary>
public sealed record RunEnvironment
{
    public required Run Run { get; init; }

    /// <summary>Changes when anything here does.</summary>
    public required string ETag { get; init; }

    /// <summary>In the order of their paths.</summary>
    public ImmutableArray<(EnvironmentFile File, bool IsTaken)> Files { get; init; } = [];

    public DockerImage? Docker { get; init; }

    public required EnvironmentSummary Summary { get; init; }

    public Launch Launch { get; init; } = Launch.None;

    /// <summary>Whether the diff may have lost its end on the way.</summary>
    public bool DiffMayBeCut { get; init; }

    /// <summary>Whether the entry point was described as a command, and not named by a tag.</summary>
    public bool IsEntryDescribed { get; init; }

    public bool IsEmpty => Run.EnvironmentDigest is null && Docker is null && Launch.IsEmpty;
}
