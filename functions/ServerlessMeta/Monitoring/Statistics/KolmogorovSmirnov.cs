namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The two-sample test of Kolmogorov and Smirnov. D = max |F_a - F_b| over all values, with F(x) = share of values &lt;= x. The p-value is exact by counting lattice paths while n m &lt;= 2e7,
/// else that of one sample of n m/(n+m) values (rounded half to even), not the limit law.
/// </summary>
internal static class KolmogorovSmirnov
{
    private const double MaxExact = 2e7;

    public static Significance Compare(PooledSamples samples)
    {
        var (n, m) = ((long)samples.ReferenceTotal, (long)samples.CurrentTotal);
        var (i, j, most) = (0L, 0L, 0L);
        for (var at = 0; at < samples.Values.Length; at++)
        {
            i += (long)samples.Reference[at];
            j += (long)samples.Current[at];
            most = Math.Max(most, Math.Abs((i * m) - (j * n)));
        }
        var d = most / ((double)n * m);
        return new(d, (double)n * m <= MaxExact ? ExactP((int)n, (int)m, most / Gcd(n, m)) : ApproximateP(n, m, d));
    }

    /// <summary>P(D &gt;= d) for sides of n and m values, by the distribution of one sample.</summary>
    public static double ApproximateP(double n, double m, double d) =>
        d <= 0 ? 1 : KolmogorovDistribution.Sf(Math.Max(1, (long)Math.Round(n * m / (n + m), MidpointRounding.ToEven)), d);

    /// <summary>P(D lcm(n,m) &gt;= h), exactly.</summary>
    internal static double ExactP(int n, int m, long h)
    {
        if (h <= 0)
        {
            return 1;
        }
        // A random order of all values is a random path from (0,0) to (n,m). P(i,j): a path through (i,j) has met the boundary before. Outside of the band around the diagonal it is 1.
        var gcd = Gcd(n, m);
        var (perI, perJ) = (m / gcd, n / gcd);
        var row = new double[m + 1];
        Array.Fill(row, 1);
        row.AsSpan(0, (int)Math.Min(m, (h - 1) / perJ) + 1).Clear();
        for (var i = 1; i <= n; i++)
        {
            var low = i * perI >= h ? (int)(((i * perI) - h) / perJ) + 1 : 0;
            var high = (int)Math.Min(m, ((i * perI) + h - 1) / perJ);
            if (low > 0)
            {
                row[low - 1] = 1;
            }
            var first = Math.Max(low, 1);
            var left = row[first - 1];
            for (var j = first; j <= high; j++)
            {
                left = ((row[j] * i) + (left * j)) / (i + j);
                row[j] = left;
            }
        }
        return Math.Clamp(row[m], 0, 1);
    }

    private static long Gcd(long n, long m)
    {
        while (m != 0)
        {
            (n, m) = (m, n % m);
        }
        return n;
    }
}
