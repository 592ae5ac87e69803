using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>What storage has of a rule when it is evaluated.</summary>
/// <param name="Row">The state's row; it guards what follows.</param>
/// <param name="State">What it says.</param>
/// <param name="Before">What became of the window before; null: it was never looked at, or there is none.</param>
internal sealed record RuleMemory(TableEntity Row, RuleState State, EvaluatedWindow? Before);
