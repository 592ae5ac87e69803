using CsCheck;
using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Tests.Evaluations;

/// <summary>How the metrics of two versions compare.</summary>
public sealed class ComparisonTests
{
    [Theory]
    [InlineData(0.8, 0.7, 0.1)]
    [InlineData(0.3, 0.1, 0.2)]
    [InlineData(0.1, 0.3, -0.2)]
    [InlineData(1e300, -1e300, 2e300)]
    [InlineData(1e-300, 0, 1e-300)]
    public void Differences_are_as_people_calculate(double one, double other, double difference) => Assert.Equal(difference, MetricComparison.Subtract(one, other));

    [Fact]
    public void A_difference_is_near_that_of_the_numbers() => Gen.Select(Gen.Double[-1e15, 1e15], Gen.Double[-1e15, 1e15]).Sample(static (one, other) =>
        Assert.True(Math.Abs(MetricComparison.Subtract(one, other) - (one - other)) <= 1e-15 * Math.Max(1, Math.Abs(one) + Math.Abs(other))));

    [Fact]
    public void Comparing_the_other_way_turns_everything() => Gen.Select(Gen.Double[-10, 10], Gen.Double[-10, 10], Gen.Bool.Nullable()).Sample(static (one, other, higher) =>
    {
        var (of, with) = (Measured("m", one), Measured("m", other));
        var (there, back) = (Comparison(of, with, higher), Comparison(with, of, higher));

        Assert.Equal(there.Difference, -back.Difference);
        Assert.Equal(
            there.Outcome switch { MetricOutcome.Better => MetricOutcome.Worse, MetricOutcome.Worse => MetricOutcome.Better, var same => same },
            back.Outcome);
        Assert.Equal(higher is null && one != other, there.Outcome is MetricOutcome.Changed);
    });

    [Theory]
    [InlineData(0.1, 0.3, 0.3, 0.5, true)]
    [InlineData(0.1, 0.3, 0.31, 0.5, false)]
    [InlineData(0.4, 0.5, 0.1, 0.45, true)]
    [InlineData(0.1, 0.9, null, 0.5, null)]
    public void Intervals_overlap_when_they_have_a_value_in_common(double? low, double? high, double? otherLow, double? otherHigh, bool? overlap) => Assert.Equal(
        overlap, Comparison(Measured("m", 0.2, low, high), Measured("m", 0.4, otherLow, otherHigh), null).IntervalsOverlap);

    [Fact]
    public void What_cannot_be_told_is_left_out()
    {
        var zero = Comparison(Measured("m", 1), Measured("m", 0), true);
        var vast = Comparison(Measured("m", 1.7e308), Measured("m", -1.7e308), true);

        Assert.Equal((1.0, null), (zero.Difference, zero.Relative));
        Assert.Equal((null, null, MetricOutcome.Better), (vast.Difference, vast.Relative, vast.Outcome));
        Assert.Equal(0.5, Comparison(Measured("m", -1), Measured("m", -2), true).Relative);
    }

    [Fact]
    public void Missing_counterparts_are_said_and_the_same_data_is_preferred()
    {
        var of = new Measurements([Evaluation("b", ("acc", 0.9)), Evaluation("a", ("acc", 0.8), ("own", 1))]);
        var with = new Measurements([Evaluation("a", ("acc", 0.7), ("its", 2))]);

        var compared = MetricComparison.Compare(of, with, MetricDirections.NoPolicy).ToDictionary(static one => one.Metric);

        Assert.Equal((0.8, 0.7, MetricOutcome.Better, "guess"), (compared["acc"].Of!.Metric.Value, compared["acc"].With!.Metric.Value, compared["acc"].Outcome, compared["acc"].DirectionFrom));
        Assert.Equal((MetricOutcome.Missing, MetricOutcome.Missing), (compared["own"].Outcome, compared["its"].Outcome));
        Assert.Null(compared["own"].With);
        Assert.Null(compared["its"].Of);
    }

    [Fact]
    public void Any_content_that_both_were_measured_on_is_found()
    {
        var of = new Measurements([Evaluation("b", ("acc", 0.9)), Evaluation("old", ("acc", 0.8)), Evaluation("older", ("acc", 0.1))]);
        var with = new Measurements([Evaluation("c", ("acc", 0.5)), Evaluation("older", ("acc", 0.2)), Evaluation("old", ("acc", 0.7))]);

        var compared = Assert.Single(MetricComparison.Compare(of, with, MetricDirections.NoPolicy));

        Assert.Equal((0.8, 0.7, MetricOutcome.Better), (compared.Of!.Metric.Value, compared.With!.Metric.Value, compared.Outcome));
    }

    [Fact]
    public void Values_on_other_data_are_no_better_and_no_worse()
    {
        var compared = Assert.Single(MetricComparison.Compare(new Measurements([Evaluation("a", ("acc", 0.9))]), new Measurements([Evaluation("b", ("acc", 0.7))]), MetricDirections.NoPolicy));

        Assert.Equal((MetricOutcome.OtherData, 0.2), (compared.Outcome, compared.Difference));
    }

    [Fact]
    public void The_policy_wins_over_evaluations_and_those_over_guesses()
    {
        var evaluation = Evaluation("a", ("loss", 1)).Content with { HigherIsBetter = EvaluationContent.NoDirections.Add("loss", true) };

        Assert.Equal((false, "policy"), new MetricDirections(EvaluationContent.NoDirections.Add("loss", false)).Find("loss", evaluation));
        Assert.Equal((true, "evaluation"), MetricDirections.NoPolicy.Find("loss", evaluation));
        Assert.Equal((false, "guess"), MetricDirections.NoPolicy.Find("val/test_loss"));
        Assert.Equal((null, null), MetricDirections.NoPolicy.Find("weight"));
    }

    [Fact]
    public void The_latest_value_of_each_metric_counts()
    {
        var measured = new Measurements([Evaluation("a", ("x", 3)), Evaluation("a", ("x", 2), ("y", 1)), Evaluation("b", ("y", 0))]);

        Assert.Equal((3, 1, 0), (measured.Find("d", null, null, "x")!.Metric.Value, measured.Find("d", null, null, "y")!.Metric.Value, measured.Find("d", "b", null, "y")!.Metric.Value));
        Assert.Null(measured.Find("d", "b", null, "x"));
        Assert.Null(measured.Find("d", null, "slice", "x"));
    }

    private static MetricComparison Comparison(Measured? of, Measured? with, bool? higher) => new() { Dataset = "d", Metric = "m", Of = of, With = with, HigherIsBetter = higher };

    private static Measured Measured(string metric, double value, double? low = null, double? high = null) =>
        new(Evaluation("a", (metric, value)), new EvaluationMetric(metric, value, null, low, high));

    internal static Evaluation Evaluation(string digest, params (string Key, double Value)[] metrics) => new("id-" + digest, 1, 1, new EvaluationContent
    {
        Dataset = "d",
        Digest = digest,
        Metrics = [.. metrics.Select(static metric => new EvaluationMetric(metric.Key, metric.Value))],
    }, default, "me");
}
