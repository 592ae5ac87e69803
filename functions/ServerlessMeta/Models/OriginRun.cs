namespace ServerlessMeta.Models;

/// <summary>A run as it was at the registration.</summary>
public sealed record OriginRun(string Id, string Experiment, string Name, string User, string Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Deleted);
