namespace ServerlessMeta.Models;

/// <summary>The version that was copied, and what its model was called then.</summary>
public sealed record OriginCopy(long Model, string Name, int Version);
