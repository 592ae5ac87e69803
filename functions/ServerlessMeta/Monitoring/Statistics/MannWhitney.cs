namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The rank test of Mann and Whitney, two-sided. U counts the pairs in which the reference's value is the greater, ties as halves. Exact without ties and with at most eight values on a side;
/// else normal with the corrections for ties and continuity. The effect size is P(window's value &gt; reference's), 0.5 without drift.
/// </summary>
internal static class MannWhitney
{
    private const int MaxExactSmall = 8;

    /// <summary>Beyond it the normal law is as good, and counts would not fit.</summary>
    private const int MaxExactLarge = 10_000;

    public static MannWhitneyResult Compare(PooledSamples samples)
    {
        var (n, m) = (samples.ReferenceTotal, samples.CurrentTotal);
        var (below, u, ties) = (0.0, 0.0, 0.0);
        for (var at = 0; at < samples.Values.Length; at++)
        {
            var (a, b) = (samples.Reference[at], samples.Current[at]);
            u += a * (below + (b / 2));
            below += b;
            var tied = a + b;
            ties += (tied * tied * tied) - tied;
        }
        var pairs = n * m;
        var most = Math.Max(u, pairs - u);
        var all = n + m;
        var deviation = Math.Sqrt(pairs / 12 * (all + 1 - (ties / (all * (all - 1)))));
        var asymptotic = deviation > 0 ? Math.Min(1, 2 * Normal.Sf((most - (pairs / 2) - 0.5) / deviation)) : 1;
        var isExact = ties == 0 && Math.Min(n, m) <= MaxExactSmall && Math.Max(n, m) <= MaxExactLarge;
        return new(u, isExact ? ExactP((int)Math.Min(n, m), (int)Math.Max(n, m), (int)most) : asymptotic, asymptotic, (pairs - u) / pairs);
    }

    /// <summary>2 P(U &gt;= u). The counts of orders with a given U are the coefficients of a Gaussian binomial, the product of (1 - q^(m+i))/(1 - q^i).</summary>
    private static double ExactP(int n, int m, int u)
    {
        var counts = new UInt128[(n * m) + 1];
        counts[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            for (var at = counts.Length - 1; at >= m + i; at--)
            {
                counts[at] -= counts[at - m - i];
            }
            for (var at = i; at < counts.Length; at++)
            {
                counts[at] += counts[at - i];
            }
        }
        var (all, tail) = (UInt128.Zero, UInt128.Zero);
        for (var at = 0; at < counts.Length; at++)
        {
            all += counts[at];
            tail += at >= u ? counts[at] : 0;
        }
        return Math.Min(1, 2 * ((double)tail / (double)all));
    }
}
