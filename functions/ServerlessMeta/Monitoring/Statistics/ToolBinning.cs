namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// How the field's tools make bins from raw values, so that a team can compare figures with those it has. They need both samples whole; stored profiles use the baseline's fixed edges instead.
/// Read at evidently a4aa4c2, NannyML 4c86ee3, azureml-assets 4b41f8c.
/// </summary>
internal static class ToolBinning
{
    private const int EvidentlyUniques = 20;

    /// <summary>Evidently: Sturges's edges over both samples; a reference of at most 20 distinct values is counted value by value.</summary>
    public static BinnedCounts Evidently(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var uniques = new HashSet<double>();
        foreach (var value in reference)
        {
            uniques.Add(value);
        }
        return uniques.Count > EvidentlyUniques ? On(HistogramEdges.Sturges([.. reference, .. current]), reference, current) : ByValue(reference, current);
    }

    /// <summary>Evidently's bins for the Hellinger distance of numbers: Sturges's edges over the distinct values of both.</summary>
    public static BinnedCounts EvidentlyHellinger(ReadOnlySpan<double> reference, ReadOnlySpan<double> current) =>
        On(HistogramEdges.Sturges(PooledSamples.Of(reference, current).Values), reference, current);

    /// <summary>NannyML: Doane's edges over the reference; what lies outside is one more bin, empty in the reference.</summary>
    public static BinnedCounts Nannyml(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var inside = On(HistogramEdges.Doane(reference), reference, current);
        var outside = current.Length - inside.Current.Sum();
        return outside > 0 ? inside with { Reference = [.. inside.Reference, 0], Current = [.. inside.Current, outside] } : inside;
    }

    /// <summary>Azure ML: ceil(log2(smaller n)+1) bins of equal width over the range of both; a constant is one bin x (1 -/+ 0.005).</summary>
    public static BinnedCounts AzureMl(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var values = PooledSamples.Of(reference, current).Values;
        var bins = (int)Math.Ceiling(Math.Log2(Math.Min(reference.Length, current.Length)) + 1);
        var pad = values.Length == 1 ? Math.Max(Math.Abs(values[0]) * 0.005, double.Epsilon) : 0;
        return On(values.Length == 1 ? [values[0] - pad, values[0] + pad] : HistogramEdges.Equal(values[0], values[^1], bins), reference, current);
    }

    private static BinnedCounts On(double[] edges, ReadOnlySpan<double> reference, ReadOnlySpan<double> current) => new(edges, Histogram.Count(reference, edges), Histogram.Count(current, edges));

    private static BinnedCounts ByValue(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var pooled = PooledSamples.Of(reference, current);
        return new([], pooled.Reference, pooled.Current);
    }
}
