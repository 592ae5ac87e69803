using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule remembers, for people.</summary>
/// <param name="State"><c>ok</c> or <c>firing</c>.</param>
/// <param name="Version">The version that is watched; 0: none yet, or no model.</param>
/// <param name="Windows">The last windows that count.</param>
/// <param name="Pending">The id of a trigger that waits; absent: none does.</param>
/// <param name="HeldBy">Why it waits: <c>cooldown</c>, <c>retraining</c>, <c>quiet</c>, <c>maxPerDay</c> or <c>floor</c>.</param>
/// <param name="LastFire">By the end of the window.</param>
/// <param name="Grace">So many windows of a new version are still not counted.</param>
/// <param name="Labelled">Labelled rows of the version.</param>
/// <param name="NoData">Why nothing was known of the window that was looked at last; absent: something was.</param>
public sealed record RuleStateView(string State, int Version, ImmutableArray<TriggerWindow> Windows, string? Pending, string? HeldBy, DateTimeOffset? LastFire, int Grace, long Labelled, string? NoData)
{
    internal static RuleStateView From(RuleState state) => new(
        state.IsFiring ? "firing" : "ok", state.Version, [.. state.Counted.Select(static window => new TriggerWindow(window.Window, window.Start, window.End, window.Hit))], state.Pending?.Decision, state.HeldBy, state.LastFire,
        state.Grace, state.Labelled, state.Unknown);
}
