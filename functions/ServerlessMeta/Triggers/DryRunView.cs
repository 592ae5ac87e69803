using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>What a rule would have done over the stored windows.</summary>
/// <param name="Summary">In words: <c>would have fired on ...</c></param>
/// <param name="Version">The version whose windows were looked at; 0: no model.</param>
/// <param name="Fires">When it would have fired, and why.</param>
/// <param name="Windows">Every window, by its end, with what became of it.</param>
/// <param name="IsTruncated">There were too many moments or triggers: what came later was not looked at.</param>
public sealed record DryRunView(string Summary, int Version, ImmutableArray<DryRunFire> Fires, ImmutableArray<DryRunWindow> Windows, bool IsTruncated);
