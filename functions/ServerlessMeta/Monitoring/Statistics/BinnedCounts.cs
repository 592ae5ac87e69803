namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Two samples counted in the same bins.</summary>
/// <param name="Edges">Of the bins; empty where each value, or category, is its own.</param>
internal sealed record BinnedCounts(double[] Edges, double[] Reference, double[] Current)
{
    public double[] ReferenceShares => Histogram.Shares(Reference, Reference.Sum());

    public double[] CurrentShares => Histogram.Shares(Current, Current.Sum());
}
