namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>What stands for a share of 0 where a logarithm needs one.</summary>
internal static class ZeroFill
{
    /// <summary>Of stored profiles: half an event is added to each bin.</summary>
    public const double ProfileWeight = 0.5;

    /// <summary>(count + weight)/(n + weight k) (Laplace); 0.5 of stored profiles, 1 in Azure ML.</summary>
    public static double[] Laplace(ReadOnlySpan<double> counts, double weight)
    {
        var total = weight * counts.Length;
        foreach (var count in counts)
        {
            total += count;
        }
        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (counts[i] + weight) / total;
        }
        return shares;
    }

    /// <summary>Evidently's rule: a share of 0 becomes 1e-4, or a millionth of the smallest share of that side if that is at most 1e-4. The sum is no longer 1.</summary>
    public static double[] Evidently(ReadOnlySpan<double> shares)
    {
        var least = double.PositiveInfinity;
        foreach (var share in shares)
        {
            least = share > 0 ? Math.Min(least, share) : least;
        }
        var fill = least <= 1e-4 ? least / 1e6 : 1e-4;
        double[] filled = [.. shares];
        filled.AsSpan().Replace(0, fill);
        return filled;
    }

    /// <summary>No share is less than <paramref name="least"/>. The sum is no longer 1.</summary>
    public static double[] Floor(ReadOnlySpan<double> shares, double least)
    {
        double[] filled = [.. shares];
        for (var i = 0; i < filled.Length; i++)
        {
            filled[i] = Math.Max(filled[i], least);
        }
        return filled;
    }
}
