using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>What became of a target that was to be computed.</summary>
/// <param name="IsBusy">Somebody else computes it.</param>
/// <param name="Windows">The windows that were looked at, in the order of their starts.</param>
/// <param name="Failed">How many could not be computed; they are tried again.</param>
/// <param name="Left">How many there was no time for.</param>
internal sealed record PassOutcome(bool IsBusy, ImmutableArray<ComputedWindow> Windows, int Failed, int Left)
{
    public static PassOutcome Busy { get; } = new(true, [], 0, 0);

    public static PassOutcome Nothing { get; } = new(false, [], 0, 0);

    public bool IsDone => !IsBusy && Failed == 0 && Left == 0;
}
