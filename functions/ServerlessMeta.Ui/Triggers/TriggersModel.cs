using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Triggers;

/// <param name="State">Which are asked for; empty: all.</param>
/// <param name="Model">Of which model; null: all.</param>
/// <param name="Triggers">The newest first.</param>
/// <param name="Next">The page behind this one.</param>
public sealed record TriggersModel(string State, string? Model, ImmutableArray<TriggerLine> Triggers, string? Next);
