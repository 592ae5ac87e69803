namespace ServerlessMeta.Runs;

/// <summary>A change of a run's own fields; null leaves a field as it is.</summary>
public sealed record RunUpdate(RunStatus? Status, DateTimeOffset? EndedAt, string? Name);
