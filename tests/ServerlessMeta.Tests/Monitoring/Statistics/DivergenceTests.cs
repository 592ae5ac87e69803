using CsCheck;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class DivergenceTests
{
    [Fact]
    public void Jensen_Shannon_agrees_with_the_reference_in_each_base_and_kind()
    {
        var one = DriftCases.Get("js-def");
        var (p, q) = (one.InputNumbers("p"), one.InputNumbers("q"));

        one.Matches("tfdvJsDivergenceBits", Divergences.JensenShannon(p, q) / Math.Log(2));
        one.Matches("scipyDistanceNat", Math.Sqrt(Divergences.JensenShannon(p, q)));
        one.Matches("scipyDistanceBase2", Divergences.JensenShannonDistance(p, q));
    }

    [Fact]
    public void Zeros_are_filled_as_the_reference_does()
    {
        var one = DriftCases.Get("fill-1");

        var (p, q) = (ZeroFill.Evidently(one.InputNumbers("p")), ZeroFill.Evidently(one.InputNumbers("q")));

        one.Matches("pFilled", p);
        one.Matches("qFilled", q);
        one.Matches("psi", Divergences.Psi(p, q));
        one.Matches("kl", Divergences.KullbackLeibler(p, q));
    }

    [Fact]
    public void Numbers_in_the_bins_of_Evidently_agree_with_the_reference()
    {
        var one = DriftCases.Get("evbin-1");

        var bins = ToolBinning.Evidently(one.A, one.B);
        var hellinger = ToolBinning.EvidentlyHellinger(one.A, one.B);

        one.Matches("edges", bins.Edges);
        one.Matches("bins", bins.Reference.Length);
        MatchesEvidently(one, bins);
        one.Matches("hellinger", Divergences.Hellinger(hellinger.ReferenceShares, hellinger.CurrentShares));
    }

    [Fact]
    public void Categories_of_Evidently_agree_with_the_reference()
    {
        var one = DriftCases.Get("evbin-5");

        var bins = Categories(one);

        one.Matches("bins", bins.Reference.Length);
        MatchesEvidently(one, bins);
        one.Matches("hellinger", Divergences.Hellinger(bins.ReferenceShares, bins.CurrentShares));
    }

    [Fact]
    public void Few_values_are_their_own_bins_for_Evidently()
    {
        var bins = ToolBinning.Evidently([1, 1, 2, 3], [2, 4]);

        Assert.Empty(bins.Edges);
        Assert.Equal([2, 1, 1, 0], bins.Reference);
        Assert.Equal([0, 1, 0, 1], bins.Current);
    }

    [Fact]
    public void Bins_of_Azure_ML_agree_with_the_reference()
    {
        var one = DriftCases.Get("az-1");

        var bins = ToolBinning.AzureMl(one.A, one.B);

        one.Matches("edges", bins.Edges);
        one.Matches("refCounts", bins.Reference);
        one.Matches("curCounts", bins.Current);
        one.Matches("psi", Divergences.Psi(ZeroFill.Laplace(bins.Reference, 1), ZeroFill.Laplace(bins.Current, 1)));
        one.Matches("jsBase2", Divergences.JensenShannonDistance(bins.ReferenceShares, bins.CurrentShares));
        Assert.Equal([4], ToolBinning.AzureMl([5, 5, 5], [5, 5, 5, 5]).Current);
    }

    [Fact]
    public void Bins_of_Nannyml_agree_with_the_reference()
    {
        var one = DriftCases.Get("nmlnum-1");

        var bins = ToolBinning.Nannyml(one.A, one.B);

        one.Matches("edges", bins.Edges);
        one.Matches("js", Divergences.JensenShannonDistance(bins.ReferenceShares, bins.CurrentShares));
        one.Matches("hellinger", Divergences.Hellinger(bins.ReferenceShares, bins.CurrentShares));
    }

    [Fact]
    public void Categories_agree_with_the_reference_in_three_modes()
    {
        var one = DriftCases.Get("cat-1");
        var bins = Categories(one);
        var (p, q) = (bins.ReferenceShares, bins.CurrentShares);

        one.Matches("azPsi", Divergences.Psi(ZeroFill.Laplace(bins.Reference, 1), ZeroFill.Laplace(bins.Current, 1)));
        one.Matches("azJsBase2", Divergences.JensenShannonDistance(p, q));
        one.Matches("nmlJs", Divergences.JensenShannonDistance(p, q));
        one.Matches("nmlHellinger", Divergences.Hellinger(p, q));
        one.Matches("lInfinity", Divergences.LInfinity(p, q));
        one.Matches("tvd", Divergences.TotalVariation(p, q));
    }

    [Fact]
    public void Deciles_agree_with_the_reference()
    {
        var one = DriftCases.Get("psi-deciles");
        var inner = HistogramEdges.InnerQuantiles([.. one.A.Order()], (int)one.InputNumber("bins"));
        double[] edges = [double.NegativeInfinity, .. inner, double.PositiveInfinity];

        var (p, q) = (Histogram.Shares(Histogram.Count(one.A, edges), one.A.Length), Histogram.Shares(Histogram.Count(one.B, edges), one.B.Length));

        one.Matches("edges", edges);
        one.Matches("psi", Divergences.Psi(ZeroFill.Floor(p, one.InputNumber("eps")), ZeroFill.Floor(q, one.InputNumber("eps"))));
    }

    [Theory]
    [InlineData("edges-n500a")]
    [InlineData("edges-const20")]
    public void Edges_agree_with_the_reference(string id)
    {
        var one = DriftCases.Get(id);

        one.Matches("sturges", HistogramEdges.Sturges(one.A));
        one.Matches("doane", HistogramEdges.Doane(one.A));
        one.Matches("fd", HistogramEdges.FreedmanDiaconis(one.A));
    }

    [Fact]
    public void The_robust_distance_agrees_with_the_reference()
    {
        var one = DriftCases.Get("deequ-linf");
        var (distances, n, m) = (one.InputNumbers("linf"), one.InputNumbers("n"), one.InputNumbers("m"));
        var fivePercent = Math.Sqrt(-0.5 * Math.Log(0.05 / 2));

        one.Matches("robust", [.. distances.Select((distance, at) => SamplingFloor.RobustLInfinity(distance, n[at], m[at]))]);
        one.Matches("robustAlpha05", [.. distances.Select((distance, at) => SamplingFloor.RobustLInfinity(distance, n[at], m[at], fivePercent))]);
    }

    [Fact]
    public void The_floor_of_PSI_is_large_for_few_values()
    {
        Assert.Equal(0.34, SamplingFloor.Psi95(10, 100, 100), 0.005);
        Assert.Equal(0, SamplingFloor.Psi95(1, 100, 100));
    }

    [Fact]
    public void Distances_are_symmetric_and_zero_for_the_same() => Gen.Select(Gen.Double[0, 10].Array[6], Gen.Double[0, 10].Array[6]).Where(static (a, b) => a.Sum() > 0 && b.Sum() > 0).Sample(static (a, b) =>
    {
        var (p, q) = (Histogram.Shares(a, a.Sum()), Histogram.Shares(b, b.Sum()));

        foreach (var distance in (Func<double[], double[], double>[])[static (x, y) => Divergences.JensenShannonDistance(x, y), static (x, y) => Divergences.Hellinger(x, y), static (x, y) => Divergences.TotalVariation(x, y), static (x, y) => Divergences.LInfinity(x, y)])
        {
            Assert.InRange(distance(p, q), 0, 1);
            Assert.Equal(distance(p, q), distance(q, p), 1e-12);
            Assert.Equal(0, distance(p, p), 1e-12);
        }
    });

    private static void MatchesEvidently(DriftCase one, BinnedCounts bins)
    {
        var (p, q) = (bins.ReferenceShares, bins.CurrentShares);
        one.Matches("psi", Divergences.Psi(ZeroFill.Evidently(p), ZeroFill.Evidently(q)));
        one.Matches("jsDistanceNat", Math.Sqrt(Divergences.JensenShannon(p, q)));
        one.Matches("jsDistanceBase2", Divergences.JensenShannonDistance(p, q));
        one.Matches("klRefCur", Divergences.KullbackLeibler(ZeroFill.Evidently(p), ZeroFill.Evidently(q)));
    }

    private static BinnedCounts Categories(DriftCase one)
    {
        string[] keys = [.. one.WordsA.Union(one.WordsB).Order(StringComparer.Ordinal)];
        return new([], [.. keys.Select(key => (double)one.WordsA.Count(word => word == key))], [.. keys.Select(key => (double)one.WordsB.Count(word => word == key))]);
    }
}
