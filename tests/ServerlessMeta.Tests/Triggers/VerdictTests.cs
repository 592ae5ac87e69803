using ServerlessMeta.Evaluations;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>Whether retraining helped, by windows of both versions.</summary>
public sealed class VerdictTests
{
    private static readonly Trigger Fired = new()
    {
        Id = new string('a', 32), Rule = "r", RuleRevision = 1, Mode = RuleMode.Auto, Model = 1, ModelName = "m", Version = 1, NewVersion = 2, FiredAt = Ruling.Start, At = Ruling.Start.AddDays(3), Flight = "f", Status = TriggerStatus.Completed,
        Windows = [new TriggerWindow("w001", Ruling.Start.AddDays(1), Ruling.Start.AddDays(2), true), new TriggerWindow("w002", Ruling.Start.AddDays(2), Ruling.Start.AddDays(3), true)],
        Cause = [new TriggerCause("performance", "rmse", ">", 60, 80, 400, true, null, [])],
    };

    [Theory]
    [InlineData("rmse", 80, 40, 5, "helped", true)]
    [InlineData("rmse", 40, 80, 5, "worse", true)]
    [InlineData("rmse", 80, 80.5, 1, "same", true)]
    [InlineData("rmse", 80, 75, 20, "undecided", false)]
    [InlineData("accuracy", 0.7, 0.9, 0.02, "helped", true)]
    [InlineData("accuracy", 0.9, 0.7, 0.02, "worse", true)]
    [InlineData("accuracy", 0.9, 0.905, 0.005, "same", true)]
    public void Performance_decides_by_its_intervals(string metric, double old, double now, double half, string outcome, bool isFinal)
    {
        var verdict = Make([Window(1, metric, old, half), Window(2, metric, old, half)], [Window(3, metric, now, half), Window(4, metric, now, half)]);

        Assert.Equal((outcome, isFinal, "performance", metric), (verdict.Outcome, verdict.IsFinal, verdict.Basis, verdict.Metric));
        Assert.Equal(now - old, verdict.Difference!.Value, 1e-9);
        Assert.InRange(verdict.High!.Value - verdict.Low!.Value, 0, 4 * half);
        Assert.Equal((2, 2, 800L), (verdict.Old!.Windows, verdict.New!.Windows, verdict.New.N));
    }

    [Fact]
    public void The_old_version_is_judged_by_the_windows_since_when_it_has_such()
    {
        var verdict = Make([Window(1, "rmse", 80, 5), Window(3, "rmse", 30, 5)], [Window(3, "rmse", 40, 5)]);

        Assert.Equal(("worse", 30d), (verdict.Outcome, verdict.Old!.Value));
    }

    [Fact]
    public void Windows_before_the_trigger_and_those_that_wait_for_labels_do_not_count()
    {
        var early = Window(3, "rmse", 40, 5) with { State = WindowState.Maturing, Labelled = 10 };

        Assert.Null(Make([Window(1, "rmse", 80, 5)], [Window(1, "rmse", 40, 5), early]).Basis);
    }

    [Fact]
    public void Errors_of_windows_join_as_over_all_their_labels()
    {
        var many = Window(4, "rmse", 10, 1) with { Performance = [Ruling.Metric("rmse", 10, 1200) with { Low = 9, High = 11 }] };

        Assert.Equal(Math.Sqrt(((400 * 900d) + (1200 * 100d)) / 1600), Make([Window(1, "rmse", 80, 5)], [Window(3, "rmse", 30, 5), many]).New!.Value, 1e-9);
    }

    [Fact]
    public void Without_intervals_the_windows_differ_among_themselves()
    {
        var verdict = Make([Window(1, "rmse", 80, null), Window(2, "rmse", 82, null)], [Window(3, "rmse", 40, null), Window(4, "rmse", 42, null)]);

        Assert.Equal("helped", verdict.Outcome);
        Assert.Equal("undecided", Make([Window(1, "rmse", 80, null)], [Window(3, "rmse", 40, null)]).Outcome);
    }

    [Fact]
    public void Without_labels_predictions_tell_until_labels_come()
    {
        WindowResult[] old = [Drift(1, 0.3, Verdict.Drift), Drift(2, 0.4, Verdict.Drift)];
        WindowResult[] calm = [Drift(3, 0.02, Verdict.NoDrift), Drift(4, 0.03, Verdict.NoDrift), Drift(5, 0.02, Verdict.NoDrift)];

        Assert.Equal(("helped", true, "predictionDrift"), Told(Make(old, calm)));
        Assert.Equal(("helped", false, "predictionDrift"), Told(Make(old, [.. calm.Select(static window => window with { State = WindowState.Maturing })])));
        Assert.Equal(("undecided", false, "predictionDrift"), Told(Make(old, calm[..2])));
        Assert.Equal(("same", true, "predictionDrift"), Told(Make(calm.Select(static (window, day) => window with { Window = $"w{day + 1:d3}", End = Ruling.Start.AddDays(day + 1) }).ToArray(), calm)));
        Assert.Equal("performance", Make([.. old, Window(2, "rmse", 80, 5)], [.. calm, Window(6, "rmse", 40, 5)]).Basis);

        static (string, bool, string?) Told(TriggerVerdict verdict) => (verdict.Outcome, verdict.IsFinal, verdict.Basis);
    }

    [Fact]
    public void Evaluations_of_both_on_one_content_judge_until_windows_come()
    {
        var (worse, better) = (Measured(1, 0.7, "d1"), Measured(2, 0.9, "d1"));

        var verdict = VerdictMaker.Make(Fired, [], [], () => (worse, better, MetricDirections.NoPolicy), Ruling.Start);

        Assert.Equal(("helped", false, "evaluations", "holdout"), (verdict.Outcome, verdict.IsFinal, verdict.Basis, verdict.Dataset));
        Assert.Equal("worse", VerdictMaker.Make(Fired, [], [], () => (better, worse, MetricDirections.NoPolicy), Ruling.Start).Outcome);
        Assert.Equal("same", VerdictMaker.Make(Fired, [], [], () => (better, better, MetricDirections.NoPolicy), Ruling.Start).Outcome);
        Assert.Null(VerdictMaker.Make(Fired, [], [], () => (worse, Measured(2, 0.9, "d2"), MetricDirections.NoPolicy), Ruling.Start).Basis);

        static Measurements Measured(int version, double accuracy, string digest) => new([
            new Evaluation("e", 1, version, new EvaluationContent { Dataset = "holdout", Digest = digest, Metrics = [new EvaluationMetric("accuracy", accuracy, 100, accuracy - 0.05, accuracy + 0.05)] }, Ruling.Start, "me")]);
    }

    private static TriggerVerdict Make(WindowResult[] old, WindowResult[] now) => VerdictMaker.Make(Fired, old, now, static () => null, Ruling.Start);

    private static WindowResult Window(int day, string metric, double value, double? half) =>
        Ruling.Window(day) with { Predictions = 500, Labelled = 400, Performance = [Ruling.Metric(metric, value, 400) with { Low = value - half, High = value + half }] };

    private static WindowResult Drift(int day, double js, Verdict verdict) => Ruling.Window(day, Ruling.Column("p", ColumnRole.Prediction, verdict, Ruling.Metric("js", js, verdict: verdict)));
}
