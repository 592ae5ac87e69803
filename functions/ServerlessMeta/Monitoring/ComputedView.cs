using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>What was computed.</summary>
/// <param name="Windows">The windows that were looked at.</param>
/// <param name="Failed">How many could not be computed.</param>
/// <param name="Left">How many there was no time for; the timer goes on with them.</param>
public sealed record ComputedView(ImmutableArray<ComputedWindowView> Windows, int Failed, int Left)
{
    internal static ComputedView Of(PassOutcome outcome) =>
        new([.. outcome.Windows.Select(static window => new ComputedWindowView(window.Window, window.Revision, window.IsNew))], outcome.Failed, outcome.Left);
}
