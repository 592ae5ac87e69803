using ServerlessMeta.Monitoring;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>What conditions read from windows, and how trees join them.</summary>
public sealed class ConditionTests
{
    private static readonly WindowResult Drifted = Ruling.Window(
        0,
        Ruling.Column("a", ColumnRole.Feature, Verdict.Drift, Ruling.Metric("psi", 0.3), Ruling.Metric("ks", 0.4, p: 0.001), Ruling.Metric("missing", 0.1)),
        Ruling.Column("b", ColumnRole.Feature, Verdict.NoDrift, Ruling.Metric("psi", 0.2), Ruling.Metric("ks", 0.05, p: 0.4), Ruling.Metric("missing", 0)),
        Ruling.Column("c", ColumnRole.Feature, Verdict.Uncertain, Ruling.Metric("psi", 0.1, n: 10)),
        Ruling.Column("d", ColumnRole.Feature, Verdict.None, Ruling.Metric("psi", null)),
        Ruling.Column("prediction", ColumnRole.Prediction, Verdict.NoDrift, Ruling.Metric("js", 0.02)),
        Ruling.Column("score", ColumnRole.Score, Verdict.Drift, Ruling.Metric("js", 0.2))) with
    {
        Predictions = 500,
        Labelled = 400,
        Dataset = [Ruling.Metric("driftShare", 0.5, n: 4)],
        Performance = [Ruling.Metric("rmse", 66, 400, p: 0.01, reference: 60, verdict: Verdict.Drift), Ruling.Metric("mae", 50, 400)],
        Estimated = [Ruling.Metric("rmse", 61, 500)],
        Alarms = [new DetectorAlarm("adwin", "error", Ruling.Start, "p1", 7, false), new DetectorAlarm("ddm", "error", Ruling.Start, "p2", 9, true)],
    };

    [Theory]
    [InlineData("training", 0.3, null)]
    [InlineData("previous", 0.05, null)]
    [InlineData("rolling(2)", null, "There was no window before it")]
    [InlineData("rolling(3)", null, "compareWith of what is watched did not name it")]
    public void Windows_are_judged_by_what_a_condition_compares_them_with(string baseline, double? value, string? reason)
    {
        var window = Ruling.Psi(0, 0.3) with { Comparisons = [new("previous", ["w"], Ruling.Psi(0, 0.05).Columns, []), new("rolling(2)", [], [], [])] };
        var rule = Ruling.On($$"""{"signal": "dataDrift", "metric": "psi", "enter": 0.1, "baseline": "{{baseline}}"}""");

        var reading = WindowReading.Of(rule, window, new TimeFacts(window.End));

        Assert.Equal(value, reading.Conditions[0].Value);
        Assert.Equal(value > 0.1 ? true : value is null ? null : false, reading.Enters);
        Assert.Equal(reason is null, reading.Reason is null);
        Assert.Contains(reason ?? "", reading.Reason ?? "", StringComparison.Ordinal);
        Assert.Equal(baseline == "training" ? null : baseline, TriggerCause.Of(reading.Conditions[0], stays: false).Baseline);
        Assert.Contains($"\"baseline\":\"{baseline}\"", System.Text.Encoding.UTF8.GetString(RuleText.Write(rule)), StringComparison.Ordinal);
        var running = new RunningRule(rule);
        running.On(window);
        Assert.Equal(reading.Reason, running.State.Unknown);
        running.On(window with { Window = "next", Start = window.End, End = window.End.AddDays(1), Comparisons = [new(baseline, ["w"], window.Columns, [])] });
        Assert.Null(running.State.Unknown);
    }

    [Theory]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "column": "a", "enter": 0.25}""", 0.3, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "enter": 0.25}""", 0.3, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "top": 2, "enter": 0.25}""", 0.2, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "top": 2, "enter": 0.2}""", 0.2, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "share": 0.5, "enter": 0.25}""", 0.3, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "share": 0.51, "enter": 0.25}""", 0.2, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "top": 3, "enter": 0.01}""", null, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "top": 3, "enter": 0.01, "minN": 5}""", 0.1, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "column": "c", "enter": 0.01}""", null, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "column": "d", "enter": 0.01}""", null, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "column": "absent", "enter": 0.01}""", null, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "psi", "column": "prediction", "enter": 0.01}""", null, false)]
    [InlineData("""{"signal": "dataDrift"}""", null, false)]
    [InlineData("""{"signal": "dataDrift", "minN": 2}""", 0.5, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "verdict", "column": "a"}""", 1.0, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "verdict", "column": "c", "minN": 0}""", 0.0, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "verdict", "top": 1}""", 1.0, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "ks.p", "column": "a", "enter": 0.05}""", 0.001, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "ks.p", "top": 2, "enter": 0.05}""", 0.4, false)]
    [InlineData("""{"signal": "dataDrift", "metric": "ks.p", "op": ">=", "column": "a", "enter": 0.95}""", 0.999, true)]
    [InlineData("""{"signal": "dataDrift", "metric": "ks", "column": "a", "enter": 0.1, "alpha": 0.0001}""", 0.4, false)]
    [InlineData("""{"signal": "missing", "enter": 0.05}""", 0.1, true)]
    [InlineData("""{"signal": "predictionDrift", "metric": "js", "enter": 0.1}""", 0.2, true)]
    [InlineData("""{"signal": "predictionDrift"}""", 1.0, true)]
    [InlineData("""{"signal": "predictionDrift", "column": "prediction"}""", 0.0, false)]
    [InlineData("""{"signal": "performance"}""", 1.0, true)]
    [InlineData("""{"signal": "performance", "metric": "rmse", "op": ">", "enter": 65}""", 66.0, true)]
    [InlineData("""{"signal": "performance", "metric": "rmse", "op": ">", "enter": 65, "alpha": 0.05, "minEffect": 5}""", 66.0, true)]
    [InlineData("""{"signal": "performance", "metric": "rmse", "op": ">", "enter": 65, "minEffect": 7}""", 66.0, false)]
    [InlineData("""{"signal": "performance", "metric": "rmse", "op": "<", "enter": 65}""", 66.0, false)]
    [InlineData("""{"signal": "performance", "metric": "rmse.change", "enter": 0.1}""", 0.1, true)]
    [InlineData("""{"signal": "performance", "metric": "mae.change", "enter": 0.1}""", null, false)]
    [InlineData("""{"signal": "performance", "metric": "rmse.estimated", "enter": 60}""", 61.0, true)]
    [InlineData("""{"signal": "performance", "metric": "rmse", "enter": 60, "minN": 401}""", null, false)]
    [InlineData("""{"signal": "conceptDrift"}""", 1.0, true)]
    [InlineData("""{"signal": "conceptDrift", "metric": "rmse", "enter": 4}""", 5.0, true)]
    [InlineData("""{"signal": "detector", "metric": "ADWIN"}""", 1.0, true)]
    [InlineData("""{"signal": "detector", "metric": "ddm"}""", 0.0, false)]
    public void A_condition_reads_the_window(string json, double? value, bool enters)
    {
        var condition = Ruling.On(json).When.Conditions.Single();

        var reading = ConditionReader.Read(condition, Drifted);

        Assert.Equal(value is null, reading.Value is null);
        Assert.Equal(value ?? 0, reading.Value ?? 0, 1e-12);
        Assert.Equal(enters, reading.Enters);
        Assert.Equal(value is null, reading.Reason is not null);
    }

    [Fact]
    public void Without_labels_neither_performance_nor_detectors_say_anything()
    {
        var early = Drifted with { State = WindowState.Maturing, Labelled = 0, Performance = [], Alarms = [] };

        Assert.All(["""{"signal": "performance"}""", """{"signal": "performance", "metric": "rmse", "enter": 1}""", """{"signal": "conceptDrift"}""", """{"signal": "detector", "metric": "adwin"}"""],
            json => Assert.Null(ConditionReader.Read(Ruling.On(json).When.Conditions.Single(), early).Value));
    }

    [Fact]
    public void Performance_of_a_window_that_waits_for_labels_is_not_judged()
    {
        var condition = Ruling.On("""{"signal": "performance", "metric": "mae", "enter": 10}""").When.Conditions.Single();
        var early = Drifted with { State = WindowState.Maturing, Labelled = 40, Performance = [Ruling.Metric("mae", 50, 40, flags: "fewLabels")], Estimated = [Ruling.Metric("mae", 30)] };
        var concept = Ruling.On("""{"signal": "conceptDrift", "metric": "mae", "enter": 10}""").When.Conditions.Single();

        Assert.Null(ConditionReader.Read(condition, early).Value);
        Assert.Null(ConditionReader.Read(concept, early).Value);
        Assert.Null(ConditionReader.Read(condition, early with { State = WindowState.Closed }).Value);
        var judged = early with { Performance = [Ruling.Metric("mae", 50, 40)] };
        Assert.Equal(50, ConditionReader.Read(condition, judged).Value);
        Assert.Equal(20, ConditionReader.Read(concept, judged).Value);
    }

    [Fact]
    public void Detectors_say_nothing_before_a_window_is_closed_and_nothing_is_said_of_one_that_is_open()
    {
        var detector = Ruling.On("""{"signal": "detector", "metric": "adwin"}""").When.Conditions.Single();
        var psi = Ruling.On("""{"signal": "dataDrift", "metric": "psi", "enter": 0.25}""").When.Conditions.Single();

        Assert.Null(ConditionReader.Read(detector, Drifted with { State = WindowState.Maturing, Alarms = [] }).Value);
        Assert.Equal(0, ConditionReader.Read(detector, Drifted with { Alarms = [] }).Value);
        Assert.Equal(0.3, ConditionReader.Read(psi, Drifted with { State = WindowState.Maturing }).Value);
        Assert.Null(ConditionReader.Read(psi, Drifted with { State = WindowState.Open }).Value);
    }

    [Theory]
    [InlineData("any", true, null, true, true)]
    [InlineData("any", false, null, null, false)]
    [InlineData("any", null, null, null, null)]
    [InlineData("any", false, false, false, false)]
    [InlineData("all", true, null, null, null)]
    [InlineData("all", false, null, false, false)]
    [InlineData("all", true, true, true, true)]
    [InlineData("not", true, null, false, false)]
    [InlineData("not", false, null, null, true)]
    [InlineData("not", null, null, null, null)]
    public void A_tree_joins_what_is_known(string kind, bool? first, bool? second, bool? expected, bool? final)
    {
        var tree = Ruling.On($$"""{"{{kind}}": [{"signal": "performance"}, {"signal": "predictionDrift"}]}""").When;

        Assert.Equal((expected, final), (Holds(false), Holds(true)));

        bool? Holds(bool isFinal) => RuleTree.Holds(tree, (condition, _) => condition.Signal is RuleSignal.Performance ? first : second, false, isFinal);
    }

    [Fact]
    public void In_a_not_the_thresholds_change_places()
    {
        var tree = Ruling.On("""{"not": {"signal": "performance"}}""").When;

        Assert.False(RuleTree.Holds(tree, static (_, stays) => stays, false, false));
        Assert.True(RuleTree.Holds(tree, static (_, stays) => stays, true, false));
    }

    [Fact]
    public void A_window_without_labels_is_judged_by_what_is_known_of_it()
    {
        var rule = Ruling.On("""{"any": [{"signal": "performance"}, {"all": [{"signal": "predictionDrift"}, {"signal": "dataDrift", "metric": "verdict", "share": 0.3}]}]}""");
        var early = Drifted with { State = WindowState.Maturing, Labelled = 0, Performance = [], Alarms = [] };
        var calm = early with { Columns = [Ruling.Column("a", ColumnRole.Feature, Verdict.NoDrift), Ruling.Column("p", ColumnRole.Prediction, Verdict.NoDrift)] };

        Assert.Equal((true, null, false, null), (Enters(early), Enters(calm), Enters(calm with { State = WindowState.Closed }), Enters(early with { Columns = [] })));

        bool? Enters(WindowResult window) => WindowReading.Of(rule, window, new TimeFacts(Ruling.Start)).Enters;
    }
}
