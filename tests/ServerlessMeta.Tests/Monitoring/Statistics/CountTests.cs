using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class CountTests
{
    [Theory]
    [InlineData("chi2-2")]
    [InlineData("chi2-4")]
    public void Contingency_agrees_with_the_reference(string id)
    {
        var one = DriftCases.Get(id);
        var table = one.InputTable("table");

        var corrected = Contingency.Test(table[0], table[1]);
        var plain = Contingency.Test(table[0], table[1], yates: false);

        one.Matches("stat", corrected.Statistic);
        one.Matches("p", corrected.P);
        one.Matches("dof", corrected.Dof);
        one.Matches("cramersV", corrected.CramersV);
        one.Matches("statNoYates", plain.Statistic);
        one.Matches("pNoYates", plain.P);
    }

    [Fact]
    public void Goodness_of_fit_agrees_with_the_reference()
    {
        var one = DriftCases.Get("chi2-ev-1");
        var keys = one.WordsA.Union(one.WordsB).ToList();

        var result = GoodnessOfFit.Pearson(
            [.. keys.Select(key => (double)one.WordsB.Count(word => word == key))],
            [.. keys.Select(key => (double)one.WordsA.Count(word => word == key) * one.WordsB.Length / one.WordsA.Length)]);

        one.Matches("p", result.P);
        Assert.Equal(new Significance(double.PositiveInfinity, 0), GoodnessOfFit.Pearson([5, 1], [6, 0]));
    }

    [Fact]
    public void G_agrees_with_the_reference()
    {
        var one = DriftCases.Get("g-test");

        var result = GoodnessOfFit.G(one.InputNumbers("obs"), one.InputNumbers("exp"));

        one.Matches("stat", result.Statistic);
        one.Matches("p", result.P);
    }

    [Fact]
    public void Chi_squared_agrees_with_the_reference()
    {
        var one = DriftCases.Get("chi2-sf");

        one.Matches("sf", [.. one.InputNumbers("x").Zip(one.InputNumbers("dof"), ChiSquared.Sf)]);
    }

    [Fact]
    public void Chi_squared_keeps_its_precision_far_out_and_its_quantile_inverts_it()
    {
        // With two degrees of freedom the tail is exp(-x/2).
        Assert.Equal(1, ChiSquared.Sf(1000, 2) / Math.Exp(-500), 1e-10);
        foreach (var dof in (double[])[1, 2, 9, 63, 999])
        {
            Assert.Equal(0.05, ChiSquared.Sf(ChiSquared.Quantile(0.95, dof), dof), 1e-11);
        }
        Assert.Equal(16.918977604620448, ChiSquared.Quantile(0.95, 9), 1e-9);
    }

    [Fact]
    public void Shares_agree_with_the_reference()
    {
        var one = DriftCases.Get("z-test");

        one.Matches("p", ShareTest.Compare(one.A.Sum(), one.A.Length, one.B.Sum(), one.B.Length).P);
        Assert.Equal(new Significance(0, 1), ShareTest.Compare(0, 10, 0, 20));
    }

    [Fact]
    public void Fisher_agrees_with_the_reference()
    {
        var one = DriftCases.Get("fisher");
        var table = one.InputTable("table");

        var result = FisherExact.Compare((long)table[0][0], (long)table[0][1], (long)table[1][0], (long)table[1][1]);

        one.Matches("odds", result.Statistic);
        one.Matches("p", result.P);
    }

    [Fact]
    public void Rare_categories_are_tested_together()
    {
        double[] reference = [500, 300, 150, 3, 2, 2, 1, 1, 1];
        double[] current = [250, 150, 75, 0, 2, 0, 1, 1, 1];

        var result = Contingency.TestRegrouped(reference, current);

        Assert.True(result.IsRegrouped);
        Assert.InRange(result.Dof, 3, 5);
        Assert.InRange(result.P, 0.3, 1);
    }

    [Fact]
    public void Two_rare_categories_are_tested_exactly()
    {
        var result = Contingency.TestRegrouped([8, 2], [1, 5]);

        Assert.True(result.IsFisher);
        Assert.False(result.IsRegrouped);
        Assert.Equal(0.034965034965034975, result.P, 1e-12);
    }

    [Fact]
    public void One_category_is_no_difference() => Assert.Equal(1, Contingency.TestRegrouped([8, 0], [5, 0]).P);

    [Fact]
    public void Corrections_agree_with_the_reference()
    {
        var one = DriftCases.Get("multitest");

        one.Matches("bh", MultipleTesting.Adjust(one.InputNumbers("p"), "bh"));
        one.Matches("holm", MultipleTesting.Adjust(one.InputNumbers("p"), "holm"));
        one.Matches("bonferroni", MultipleTesting.Adjust(one.InputNumbers("p"), "bonferroni"));
// The rule with strict levels q i/N says the same: whether any is significant, and the level of the last one that is.
        var (level, all) = (one.InputNumber("q"), one.InputNumbers("p").Length);
        var significant = MultipleTesting.Adjust(one.InputNumbers("p"), "bh").Count(p => p < level);
        one.Matches("alibiFdrAt05", [Math.Min(1, significant), level * significant / all]);
        Assert.DoesNotContain(MultipleTesting.Adjust(one.InputNumbers("p"), "bh"), static p => p < 0.005);
        Assert.Equal(one.InputNumbers("p"), MultipleTesting.Adjust(one.InputNumbers("p"), "none"));
    }
}
