using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>What a run names as its environment and launch after a change.</summary>
public sealed record NotedEnvironment(RunId Run, string? Digest, string? LaunchDigest);
