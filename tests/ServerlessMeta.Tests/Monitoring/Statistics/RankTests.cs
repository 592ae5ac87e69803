using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class RankTests
{
    [Theory]
    [InlineData("mwu-1")]
    [InlineData("mwu-3")]
    public void Mann_Whitney_agrees_with_the_reference(string id)
    {
        var one = DriftCases.Get(id);

        var result = MannWhitney.Compare(PooledSamples.Of(one.A, one.B));

        one.Matches("U", result.U);
        one.Matches("pTwoSided", result.P);
        one.Matches("pAsymp", result.AsymptoticP);
        one.Matches("auc", result.Auc);
        // The reference's values are the smaller ones in both cases: one side is half of two.
        one.Matches("pEvidentlyLess", result.P / 2);
    }

    [Fact]
    public void Anderson_Darling_agrees_with_the_reference()
    {
        var one = DriftCases.Get("ad-1");

        var result = AndersonDarling.Compare(PooledSamples.Of(one.A, one.B))!.Value;

        one.Matches("A2", result.Statistic);
        one.Matches("p", result.P);
        one.Matches("critical", AndersonDarling.CriticalValues);
    }

    [Fact]
    public void Anderson_Darling_knows_levels_from_a_thousandth_to_a_quarter_only()
    {
        double[] values = [.. Enumerable.Range(0, 100)];
        double[] far = [.. values.Select(static value => value + 90)];

        Assert.Equal(AndersonDarling.MostP, AndersonDarling.Compare(PooledSamples.Of(values, values))!.Value.P);
        Assert.Equal(AndersonDarling.LeastP, AndersonDarling.Compare(PooledSamples.Of(values, far))!.Value.P);
        Assert.Null(AndersonDarling.Compare(PooledSamples.Of([1], [1, 2])));
        Assert.Null(AndersonDarling.Compare(PooledSamples.Of([1, 1], [1, 1])));
    }

    [Fact]
    public void Cramer_von_Mises_agrees_with_the_reference()
    {
        var one = DriftCases.Get("cvm-1");

        var result = CramerVonMises.Compare(PooledSamples.Of(one.A, one.B))!.Value;

        one.Matches("T", result.Statistic);
        one.Matches("pAuto", result.P);
        one.Matches("evidentlyP", result.P);
        one.Matches("pAsymp", CramerVonMises.AsymptoticP(one.A.Length, one.B.Length, result.Statistic));
        Assert.Null(CramerVonMises.Compare(PooledSamples.Of([1], [1, 2])));
    }

    [Fact]
    public void Cramer_von_Mises_of_twenty_values_a_side_is_quick_and_near_the_limit()
    {
        double[] a = [.. Enumerable.Range(0, 20).Select(static at => at * 1.0)];
        double[] b = [.. Enumerable.Range(0, 19).Select(static at => (at * 1.1) + 4.05)];

        var result = CramerVonMises.Compare(PooledSamples.Of(a, b))!.Value;

        Assert.Equal(CramerVonMises.AsymptoticP(20, 19, result.Statistic), result.P, 0.01);
    }

    [Fact]
    public void Means_agree_with_the_reference()
    {
        var one = DriftCases.Get("ttest");
        var ((n, mean, variance), (m, otherMean, otherVariance)) = (Moments(one.A), Moments(one.B));

        var pooled = StudentTest.Pooled(n, mean, variance, m, otherMean, otherVariance)!.Value;
        var welch = StudentTest.Welch(n, mean, variance, m, otherMean, otherVariance)!.Value;

        one.Matches("t", pooled.Statistic);
        one.Matches("p", pooled.P);
        one.Matches("tWelch", welch.Statistic);
        one.Matches("pWelch", welch.P);
    }

    [Fact]
    public void Means_of_constants_have_a_certain_answer()
    {
        Assert.Equal(new Significance(0, 1), StudentTest.Welch(5, 1, 0, 5, 1, 0));
        Assert.Equal(0, StudentTest.Welch(5, 1, 0, 5, 2, 0)!.Value.P);
        Assert.Null(StudentTest.Welch(1, 1, 0, 5, 2, 0));
    }

    private static (double Count, double Mean, double Variance) Moments(double[] values)
    {
        var mean = values.Average();
        return (values.Length, mean, values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
