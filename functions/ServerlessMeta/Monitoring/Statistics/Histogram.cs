namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Counting by edges: bin i is [e_i, e_(i+1)), the last one is closed.</summary>
internal static class Histogram
{
    /// <summary>Counts; values outside the edges are left out.</summary>
    public static double[] Count(ReadOnlySpan<double> values, ReadOnlySpan<double> edges)
    {
        var counts = new double[edges.Length - 1];
        foreach (var value in values)
        {
            var found = edges.BinarySearch(value);
            var bin = found < 0 ? ~found - 1 : found;
            if (bin == counts.Length && value == edges[^1])
            {
                bin--;
            }
            if (bin >= 0 && bin < counts.Length)
            {
                counts[bin]++;
            }
        }
        return counts;
    }

    /// <summary>Each count as a share of <paramref name="total"/>.</summary>
    public static double[] Shares(ReadOnlySpan<double> counts, double total)
    {
        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = counts[i] / total;
        }
        return shares;
    }
}
