using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>Why a trigger was decided, kept while it waits: who releases it need not know.</summary>
/// <param name="Baseline">What the window was compared with; 0: none, or no window.</param>
/// <param name="Causes">What each condition said, bounded as in a trigger.</param>
internal sealed record FireCause(int Baseline, ImmutableArray<TriggerCause> Causes);
