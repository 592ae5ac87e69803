namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The Wasserstein-1 (earth mover's) distance, the integral of |F_a - F_b|, in the units of the values: how far a value lies from its place on average.
/// Normed, it is divided by the reference's standard deviation, at least 0.001, as the field's tools do (some with the divisor n, some with n-1).
/// </summary>
internal static class Wasserstein
{
    public const double LeastDeviation = 0.001;

    public static double Distance(PooledSamples samples)
    {
        var (a, b, sum) = (0.0, 0.0, 0.0);
        for (var at = 0; at + 1 < samples.Values.Length; at++)
        {
            a += samples.Reference[at];
            b += samples.Current[at];
            sum += Math.Abs((a / samples.ReferenceTotal) - (b / samples.CurrentTotal)) * (samples.Values[at + 1] - samples.Values[at]);
        }
        return sum;
    }

    public static double Norm(double distance, double deviation) => distance / Math.Max(deviation, LeastDeviation);
}
