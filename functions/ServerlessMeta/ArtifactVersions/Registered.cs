namespace ServerlessMeta.ArtifactVersions;

/// <summary>The version that a registration names; new when the registration made it.</summary>
public sealed record Registered(ArtifactVersion Version, bool IsNew);
