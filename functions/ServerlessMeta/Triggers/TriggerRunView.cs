namespace ServerlessMeta.Triggers;

/// <summary>The run that answers a trigger, in brief.</summary>
public sealed record TriggerRunView(string Id, string Name, string Experiment, string Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);
