namespace ServerlessMeta.Triggers;

/// <summary>Drift began or ended.</summary>
/// <param name="Decision">The decision of the beginning: the end has the same.</param>
internal sealed record RuleEdge(bool IsBeginning, string Decision);
