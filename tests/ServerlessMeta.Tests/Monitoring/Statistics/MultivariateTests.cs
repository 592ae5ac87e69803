using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class MultivariateTests
{
    [Fact]
    public void The_error_of_reconstruction_agrees_with_the_reference()
    {
        var one = DriftCases.Get("pca-rec");

        var fitted = PcaReconstruction.Fit(one.InputTable("ref"));
        var current = fitted.Error(one.InputTable("cur"));

        one.Matches("components", fitted.Components);
        one.Matches("explainedRatio", fitted.ExplainedRatios);
        one.Matches("refMean", fitted.Error(one.InputTable("ref")).Mean);
        one.Matches("curMean", current.Mean);
        one.Matches("curStdDdof1", current.Deviation);
    }

    [Fact]
    public void Mean_discrepancy_agrees_with_the_reference()
    {
        var one = DriftCases.Get("mmd2");

        one.Matches("mmd2", MaximumMeanDiscrepancy.Squared(Rows(one.A), Rows(one.B), one.InputNumber("sigma")));
    }

    [Fact]
    public void Mean_discrepancy_repeats_by_its_seed_and_sees_a_shift()
    {
        var random = new Random(7);
        double[][] reference = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[][] same = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[][] shifted = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.NextDouble() + 0.4, random.NextDouble() })];
        var sigma = MaximumMeanDiscrepancy.MedianDistance(reference);

        var first = MaximumMeanDiscrepancy.Compare(reference, same, sigma, 100, 42);

        Assert.Equal(first, MaximumMeanDiscrepancy.Compare(reference, same, sigma, 100, 42));
        Assert.InRange(first.P, 0.05, 1);
        Assert.Equal(1 / 101.0, MaximumMeanDiscrepancy.Compare(reference, shifted, sigma, 100, 42).P, 1e-12);
    }

    [Fact]
    public void Thresholds_from_chunks_agree_with_the_reference()
    {
        var one = DriftCases.Get("std-threshold");

        var (lower, upper) = ReferenceThreshold.Deviations([.. one.InputNumbers("values"), double.NaN], one.InputNumber("multiplier"));

        one.Matches("lower", lower);
        one.Matches("upper", upper);
    }

    private static double[][] Rows(double[] values) => [.. values.Select(static value => new[] { value })];
}
