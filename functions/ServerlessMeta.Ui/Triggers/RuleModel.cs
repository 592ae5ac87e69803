using System.Collections.Immutable;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>A rule with what it remembers.</summary>
/// <param name="ETag">Of the revision that is shown.</param>
/// <param name="Limits">How often it may fire and what it does, each a sentence.</param>
/// <param name="Json">The rule as it was set.</param>
/// <param name="State">What it remembers.</param>
/// <param name="From">From when on it was tried.</param>
/// <param name="Dry">What it would have done; null: it was not tried.</param>
/// <param name="DryFault">Why it could not be tried.</param>
/// <param name="Triggers">What it fired, the newest first.</param>
public sealed record RuleModel(
    RuleLine Line, string ETag, int Revision, ImmutableArray<string> Limits, string Json, RuleStateView? State, string? From, DryRunView? Dry, string? DryFault, ImmutableArray<string> DryCauses, ImmutableArray<TriggerLine> Triggers);
