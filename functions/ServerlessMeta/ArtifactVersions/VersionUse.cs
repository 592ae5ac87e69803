using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>A run made or used a version; <paramref name="Context"/> says for what, such as "training".</summary>
public sealed record VersionUse(string Name, long Number, RunId Run, UseDirection Direction, string? Context);
