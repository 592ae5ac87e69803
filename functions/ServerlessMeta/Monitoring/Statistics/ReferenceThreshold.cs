namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>A metric's threshold from its own values over chunks of the reference: ten at least, so that it knows the spread that is usual.</summary>
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

    /// <summary>The 99th percentile of the chunks that have a value.</summary>
    public static double Quantile(IEnumerable<double> chunks, double share = 0.99)
    {
        double[] values = [.. chunks.Where(double.IsFinite)];
        Array.Sort(values);
        return HistogramEdges.Quantile(values, share);
    }
}
