namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>A metric's threshold from its own values over chunks of the reference: ten at least, so that it knows the spread that is usual. Only a reference case asks for it so far: no threshold is set so.</summary>
internal static class ReferenceThreshold
{
    /// <summary>Mean -/+ k standard deviations (divisor n) of the chunks that have a value.</summary>
    public static (double Lower, double Upper) Deviations(IEnumerable<double> chunks, double multiplier = 3)
    {
        double[] values = [.. chunks.Where(double.IsFinite)];
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return (mean - (multiplier * deviation), mean + (multiplier * deviation));
    }
}
