namespace ServerlessMeta.Triggers;

/// <summary>Which triggers to list; null: any.</summary>
/// <param name="Model">The number of a model.</param>
/// <param name="Version">A version that they were fired for, or that came of them.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Status">How far they have come.</param>
/// <param name="IsUndelivered">Those alone of which something was given up.</param>
public sealed record TriggerFilter(long? Model = null, int? Version = null, string? Rule = null, TriggerStatus? Status = null, bool IsUndelivered = false);
