using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class KolmogorovSmirnovTests
{
    [Theory]
    [InlineData("ks-1")]
    [InlineData("ks-3")]
    [InlineData("ks-8")]
    public void Agrees_with_the_reference(string id)
    {
        var one = DriftCases.Get(id);

        var result = KolmogorovSmirnov.Compare(PooledSamples.Of(one.A, one.B));

        one.Matches("D", result.Statistic);
        one.Matches("pAuto", result.P);
        one.Matches("pExact", result.P);
        one.Matches("pAsymp", KolmogorovSmirnov.ApproximateP(one.A.Length, one.B.Length, result.Statistic));
    }

    [Fact]
    public void The_distribution_of_one_sample_agrees_with_the_reference()
    {
        var one = DriftCases.Get("kstwo-sf");

        var sf = one.InputNumbers("n").Zip(one.InputNumbers("d"), static (n, d) => KolmogorovDistribution.Sf((long)n, d)).ToList();

        one.Matches("sf", sf);
    }

    [Fact]
    public void The_limit_law_agrees_with_the_reference()
    {
        var one = DriftCases.Get("kolmogorov-sf");

        one.Matches("sf", [.. one.InputNumbers("z").Select(KolmogorovDistribution.LimitSf)]);
    }

    [Fact]
    public void Histograms_bound_the_statistic()
    {
        var one = DriftCases.Get("ks-hist");
        var (reference, current) = (one.InputNumbers("refCounts"), one.InputNumbers("curCounts"));
        var (p, q) = (Histogram.Shares(reference, reference.Sum()), Histogram.Shares(current, current.Sum()));

        var d = HistogramDistances.KolmogorovSmirnov(p, q);

        one.Matches("D", d);
        one.Matches("p", KolmogorovSmirnov.ApproximateP(reference.Sum(), current.Sum(), d));
        one.Matches("maxBinMass", p.Concat(q).Max());
        Assert.InRange(one.ExpectedNumber("Draw"), d, d + p.Concat(q).Max());
    }

    [Fact]
    public void Equal_bins_agree_with_the_reference()
    {
        var one = DriftCases.Get("ks-nannyml-hist");

        one.Matches("D50", HistogramDistances.NannymlKolmogorovSmirnov(one.A, one.B, 50));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(6, 6)]
    [InlineData(2, 9)]
    [InlineData(7, 3)]
    public void The_exact_p_value_counts_all_orders(int n, int m)
    {
        var statistics = Orders(n, m).Select(order => Statistic(order, n, m)).ToList();

        foreach (var h in statistics.Distinct())
        {
            var counted = (double)statistics.Count(one => one >= h) / statistics.Count;
            Assert.Equal(counted, KolmogorovSmirnov.ExactP(n, m, h / Gcd(n, m)), 1e-12);
        }
    }

    [Fact]
    public void The_tail_of_many_values_needs_few_terms()
    {
        foreach (var n in (long[])[700, 2_000, 20_000, 100_000])
        {
            foreach (var z in (double[])[1.5, 2, 3, 6, 12, 18])
            {
                var x = z / Math.Sqrt(n);
                var all = SmirnovTail.Sum(n, x, int.MaxValue);
                Assert.Equal(1, SmirnovTail.Sf(n, x) / all, 1e-10);
            }
        }
    }

    [Fact]
    public void Regions_of_the_distribution_meet()
    {
        // Just below and above each border between formulas.
        foreach (var (n, x) in ((long, double)[])[(140, 2 / Math.Sqrt(140)), (141, Math.Sqrt(2.2 / 141)), (10_000, Math.Sqrt(2.2) / 100), (1_000, Math.Pow(1.4 / 1000, 2.0 / 3)), (200_000, Math.Sqrt(2.2 / 200_000))])
        {
            var (below, above) = (KolmogorovDistribution.Sf(n, x * (1 - 1e-9)), KolmogorovDistribution.Sf(n, x * (1 + 1e-9)));
            Assert.Equal(below, above, 1e-6);
        }
    }

    [Fact]
    public void Falls_from_one_to_zero()
    {
        foreach (var n in (long[])[1, 2, 5, 30, 139, 140, 141, 999, 150_000])
        {
            var last = 1.0;
            for (var x = 0.0; x <= 1; x += 0.002)
            {
                var sf = KolmogorovDistribution.Sf(n, x);
                Assert.InRange(sf, 0, last + 1e-7);
                last = sf;
            }
            Assert.Equal(1, KolmogorovDistribution.Sf(n, 0));
            Assert.Equal(0, KolmogorovDistribution.Sf(n, 1));
        }
    }

    private static IEnumerable<bool[]> Orders(int n, int m) =>
        Enumerable.Range(0, 1 << (n + m)).Where(bits => int.PopCount(bits) == n).Select(bits => Enumerable.Range(0, n + m).Select(at => (bits & (1 << at)) != 0).ToArray());

    private static long Statistic(bool[] order, int n, int m)
    {
        var (i, j, most) = (0L, 0L, 0L);
        foreach (var isFirst in order)
        {
            (i, j) = isFirst ? (i + 1, j) : (i, j + 1);
            most = Math.Max(most, Math.Abs((i * m) - (j * n)));
        }
        return most;
    }

    private static int Gcd(int n, int m) => m == 0 ? n : Gcd(m, n % m);
}
