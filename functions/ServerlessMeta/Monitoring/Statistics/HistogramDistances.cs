namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Distances of two histograms on the same edges, without bounds of their error; <see cref="ProfileBounds"/> has those.</summary>
internal static class HistogramDistances
{
    /// <summary>The greatest difference of the cumulative shares: at most the D of the raw values, at least that less the largest bin.</summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> referenceShares, ReadOnlySpan<double> currentShares, double currentBelow = 0)
    {
        var (a, b, most) = (0.0, currentBelow, Math.Abs(currentBelow));
        for (var i = 0; i < referenceShares.Length; i++)
        {
            a += referenceShares[i];
            b += currentShares[i];
            most = Math.Max(most, Math.Abs(a - b));
        }
        return most;
    }

    /// <summary>NannyML's estimate of D: equal bins over the reference's range; what lies below it counts, what lies above is dropped.</summary>
    public static double NannymlKolmogorovSmirnov(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int bins)
    {
        var pooled = PooledSamples.Of(reference, []).Values;
        var edges = HistogramEdges.Equal(pooled[0], pooled[^1], bins);
        var below = 0;
        foreach (var value in current)
        {
            below += value < edges[0] ? 1 : 0;
        }
        return KolmogorovSmirnov(Histogram.Shares(Histogram.Count(reference, edges), reference.Length), Histogram.Shares(Histogram.Count(current, edges), current.Length), (double)below / current.Length);
    }

    /// <summary>
    /// NannyML's estimate of the Wasserstein distance: |F_a - F_b| at the ends of equal bins over the reference's range, times their width; exact outside of it.
    /// If anything lies below, the tool counts one event more there than there are.
    /// </summary>
    public static double NannymlWasserstein(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int bins)
    {
        var pooled = PooledSamples.Of(reference, []).Values;
        var (low, high) = (pooled[0], pooled[^1]);
        var edges = HistogramEdges.Equal(low, high, bins);
        var a = Histogram.Shares(Histogram.Count(reference, edges), reference.Length);
        var b = Histogram.Shares(Histogram.Count(current, edges), current.Length);
        var (below, outside) = (0, 0.0);
        foreach (var value in current)
        {
            below += value < low ? 1 : 0;
            outside += Math.Max(0, low - value) + Math.Max(0, value - high);
        }
        var (difference, sum) = (below > 0 ? -(below + 1.0) / current.Length : 0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            difference += a[i] - b[i];
            sum += Math.Abs(difference);
        }
        return (sum * (high - low) / bins) + (outside / current.Length);
    }
}
