namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>P-values corrected for their number: compare them with the level as they are.</summary>
internal static class MultipleTesting
{
    /// <param name="correction"><c>bh</c> (false discovery rate, Benjamini and Hochberg), <c>holm</c>, <c>bonferroni</c>; all else leaves them as they are.</param>
    public static double[] Adjust(ReadOnlySpan<double> p, string correction) => correction switch
    {
        "bh" => BenjaminiHochberg(p),
        "holm" => Holm(p),
        "bonferroni" => Bonferroni(p),
        _ => [.. p],
    };

    private static double[] BenjaminiHochberg(ReadOnlySpan<double> p)
    {
        var order = Order(p);
        var adjusted = new double[p.Length];
        var least = 1.0;
        for (var rank = order.Length; rank >= 1; rank--)
        {
            var at = order[rank - 1];
            least = Math.Min(least, p[at] * p.Length / rank);
            adjusted[at] = least;
        }
        return adjusted;
    }

    private static double[] Holm(ReadOnlySpan<double> p)
    {
        var order = Order(p);
        var adjusted = new double[p.Length];
        var most = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            most = Math.Max(most, Math.Min(1, p[order[rank]] * (p.Length - rank)));
            adjusted[order[rank]] = most;
        }
        return adjusted;
    }

    private static double[] Bonferroni(ReadOnlySpan<double> p)
    {
        double[] adjusted = [.. p];
        for (var i = 0; i < adjusted.Length; i++)
        {
            adjusted[i] = Math.Min(1, adjusted[i] * p.Length);
        }
        return adjusted;
    }

    private static int[] Order(ReadOnlySpan<double> p)
    {
        double[] keys = [.. p];
        int[] order = [.. Enumerable.Range(0, p.Length)];
        Array.Sort(keys, order);
        return order;
    }
}
