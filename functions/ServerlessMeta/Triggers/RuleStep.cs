using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What followed from a window or a moment.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Edges">Whether drift began or ended.</param>
/// <param name="Outcome">What became of the window.</param>
internal sealed record RuleStep(RuleState State, ImmutableArray<RuleEdge> Edges, WindowOutcome Outcome = WindowOutcome.Skipped);
