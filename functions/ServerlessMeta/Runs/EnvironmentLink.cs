namespace ServerlessMeta.Runs;

/// <summary>What a run holds of its environment: the digest of that, and the digest of how it was launched there.</summary>
internal readonly record struct EnvironmentLink(string? Environment, string? Launch);
