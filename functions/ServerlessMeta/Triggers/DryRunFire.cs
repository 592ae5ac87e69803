using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <param name="At">The end of the window, or the moment.</param>
/// <param name="Window">The window; absent: by the clock.</param>
/// <param name="Cause">What each condition said.</param>
public sealed record DryRunFire(DateTimeOffset At, string? Window, ImmutableArray<TriggerCause> Cause);
