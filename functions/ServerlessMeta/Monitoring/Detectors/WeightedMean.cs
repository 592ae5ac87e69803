namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>A mean that forgets: the newest number weighs lambda.</summary>
/// <param name="IsStarted">Whether it has a number at all: a mean of 0 does not tell.</param>
/// <param name="Bound">The sum of squared weights, which McDiarmid's bound needs.</param>
internal readonly record struct WeightedMean(bool IsStarted, double Mean, double Bound)
{
    public WeightedMean Next(double x, double lambda) => new(
        IsStarted: true,
        IsStarted ? lambda * x + (1 - lambda) * Mean : x,
        lambda * lambda + (1 - lambda) * (1 - lambda) * (IsStarted ? Bound : 1));
}
