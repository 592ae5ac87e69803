namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>The energy distance sqrt(2 integral (F_a - F_b)^2) (Szekely), in the square root of the values' units.</summary>
internal static class EnergyDistance
{
    public static double Distance(PooledSamples samples)
    {
        var (a, b, sum) = (0.0, 0.0, 0.0);
        for (var at = 0; at + 1 < samples.Values.Length; at++)
        {
            a += samples.Reference[at];
            b += samples.Current[at];
            var difference = (a / samples.ReferenceTotal) - (b / samples.CurrentTotal);
            sum += difference * difference * (samples.Values[at + 1] - samples.Values[at]);
        }
        return Math.Sqrt(2 * sum);
    }
}
