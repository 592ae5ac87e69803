namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Edges of bins of equal width from the least to the greatest value, by the rules that the field's tools use. A constant x has the one bin [x - 0.5, x + 0.5].</summary>
internal static class HistogramEdges
{
    /// <summary>Sturges: width = range/(log2(n)+1).</summary>
    public static double[] Sturges(ReadOnlySpan<double> values)
    {
        var (low, high) = Range(values);
        return ByWidth(low, high, (high - low) / (Math.Log2(values.Length) + 1));
    }

    /// <summary>Doane: width = range/(1 + log2(n) + log2(1 + |g1|/s)), g1 the skewness, s = sqrt(6(n-2)/((n+1)(n+3))).</summary>
    public static double[] Doane(ReadOnlySpan<double> values)
    {
        var (low, high) = Range(values);
        double n = values.Length;
        var (mean, m2, m3) = (0.0, 0.0, 0.0);
        foreach (var value in values)
        {
            mean += value / n;
        }
        foreach (var value in values)
        {
            var d = value - mean;
            m2 += d * d / n;
            m3 += d * d * d / n;
        }
        if (n <= 2 || m2 <= 0)
        {
            return ByWidth(low, high, 0);
        }
        var skewness = m3 / Math.Pow(m2, 1.5);
        var spread = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return ByWidth(low, high, (high - low) / (1 + Math.Log2(n) + Math.Log2(1 + (Math.Abs(skewness) / spread))));
    }

    /// <summary>Freedman and Diaconis: width = 2 IQR/n^(1/3).</summary>
    public static double[] FreedmanDiaconis(ReadOnlySpan<double> values)
    {
        var (low, high) = Range(values);
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return ByWidth(low, high, 2 * (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / Math.Cbrt(values.Length));
    }

    /// <summary>k bins of equal width.</summary>
    public static double[] Equal(double low, double high, int bins)
    {
        var edges = new double[bins + 1];
        var width = (high - low) / bins;
        for (var i = 0; i < bins; i++)
        {
            edges[i] = low + (i * width);
        }
        edges[bins] = high;
        return edges;
    }

    /// <summary>The edges between k shares of equal size: linear interpolation between the values around (type 7).</summary>
    public static double[] InnerQuantiles(ReadOnlySpan<double> sorted, int shares)
    {
        var inner = new double[shares - 1];
        for (var i = 0; i < inner.Length; i++)
        {
            inner[i] = Quantile(sorted, (i + 1.0) / shares);
        }
        return inner;
    }

    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var place = (sorted.Length - 1) * share;
        var below = Math.Min((int)place, sorted.Length - 1);
        var above = Math.Min(below + 1, sorted.Length - 1);
        var part = place - below;
        // Rounding must not lead out from between the two: equal values have equal quantiles.
        return part == 0 ? sorted[below] : Math.Clamp((sorted[below] * (1 - part)) + (sorted[above] * part), sorted[below], sorted[above]);
    }

    private static (double Low, double High) Range(ReadOnlySpan<double> values)
    {
        var (low, high) = (values[0], values[0]);
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        return (low, high);
    }

    private static double[] ByWidth(double low, double high, double width) =>
        low == high ? [low - 0.5, high + 0.5]
        : width > 0 ? Equal(low, high, (int)Math.Clamp(Math.Ceiling((high - low) / width), 1, 100_000))
        : [low, high];
}
