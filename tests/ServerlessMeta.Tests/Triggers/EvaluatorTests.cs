using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>The state machine: windows, hysteresis, what holds back, versions, late windows.</summary>
public sealed class EvaluatorTests
{
    private const string Psi = """{"signal": "dataDrift", "metric": "psi", "column": "x", "enter": 0.1, "exit": 0.06, "minN": 0}""";

    /// <summary>The case trigger-1 of the reference figures.</summary>
    [Fact]
    public void Begins_by_m_of_n_and_ends_after_n_windows_without_a_hit()
    {
        double[] score = [0.05, 0.12, 0.08, 0.13, 0.14, 0.09, 0.07, 0.04, 0.03, 0.02, 0.15, 0.16, 0.17];
        string[] states = ["ok", "ok", "ok", "firing", "firing", "firing", "firing", "firing", "firing", "ok", "ok", "firing", "firing"];
        var rule = new RunningRule(Ruling.On(Psi, """{"m": 2, "n": 3}"""));

        var seen = score.Select((psi, day) => rule.On(Ruling.Psi(day, psi))).ToList();

        Assert.Equal(states, seen.Select(static one => one.State));
        Assert.Equal([3, 11], Enumerable.Range(0, seen.Count).Where(day => seen[day].Fired));
        Assert.Equal(2, rule.Fired.Distinct().Count());
        Assert.Equal([true, false, true], rule.Edges.Select(static edge => edge.IsBeginning));
        Assert.Equal(rule.Edges[0].Decision, rule.Edges[1].Decision);
    }

    /// <summary>The case trigger-3 of the reference figures.</summary>
    [Fact]
    public void Skips_windows_without_data_or_with_too_little()
    {
        double?[] score = [0.2, null, 0.2, 0.2, 0.01, 0.01, 0.01];
        long[] n = [500, 0, 20, 500, 500, 500, 500];
        var rule = new RunningRule(Ruling.On("""{"signal": "dataDrift", "metric": "psi", "column": "x", "enter": 0.1, "minN": 100}""", """{"m": 2, "n": 3}"""));

        var seen = score.Select((psi, day) => rule.On(Ruling.Psi(day, psi, n[day]))).ToList();

        Assert.Equal(["ok", "ok*", "ok*", "firing", "firing", "firing", "ok"], seen.Select(static one => one.State));
        Assert.Equal([3], Enumerable.Range(0, seen.Count).Where(day => seen[day].Fired));
    }

    [Fact]
    public void Fires_before_n_windows_are_there() => Assert.True(new RunningRule(Ruling.On(Psi, """{"m": 1, "n": 5}""")).On(Ruling.Psi(0, 0.2)).Fired);

    [Fact]
    public void Fires_once_while_it_goes_on()
    {
        var rule = new RunningRule(Ruling.On(Psi));

        for (var day = 0; day < 30; day++)
        {
            rule.On(Ruling.Psi(day, 0.2));
        }

        Assert.Single(rule.Fired);
    }

    [Fact]
    public void Fires_again_after_the_time_to_repeat_with_another_id()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"repeatAfter": "P7D"}"""));

        var days = Enumerable.Range(0, 20).Where(day => rule.On(Ruling.Psi(day, 0.2)).Fired).ToList();

        Assert.Equal([0, 7, 14], days);
        Assert.Equal(3, rule.Fired.Distinct().Count());
    }

    [Fact]
    public void What_a_cooldown_holds_back_fires_when_it_ends_if_drift_goes_on()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"cooldown": "P5D"}"""));
        double[] score = [0.2, 0.01, 0.2, 0.2, 0.2, 0.2, 0.2];

        var seen = score.Select((psi, day) => rule.On(Ruling.Psi(day, psi)).Fired).ToList();

        Assert.Equal([0, 5], Enumerable.Range(0, 7).Where(day => seen[day]));
        Assert.Equal(2, rule.Fired.Distinct().Count());
    }

    [Fact]
    public void What_a_cooldown_holds_back_is_dropped_when_drift_ends()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"cooldown": "P5D"}"""));
        double[] score = [0.2, 0.01, 0.2, 0.01, 0.01, 0.01, 0.01, 0.01];

        var fired = score.Select((psi, day) => rule.On(Ruling.Psi(day, psi)).Fired).Count(static one => one);

        Assert.Equal(1, fired);
        Assert.Null(rule.State.Pending);
    }

    [Fact]
    public void A_cooldown_of_windows_ends_by_windows_so_that_a_replay_agrees()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"cooldown": "P5D"}"""));
        rule.On(Ruling.Psi(0, 0.2));
        rule.On(Ruling.Psi(1, 0.01));
        rule.On(Ruling.Psi(2, 0.2));

        Assert.False(rule.Tick(Ruling.Start.AddDays(7)));
        Assert.Equal("cooldown", rule.State.HeldBy);
        Assert.False(rule.On(Ruling.Psi(4, 0.2), Ruling.Start.AddDays(9)).Fired);
        Assert.True(rule.On(Ruling.Psi(5, 0.2), Ruling.Start.AddDays(9)).Fired);
        Assert.Equal(Ruling.Start.AddDays(6), rule.State.LastFire);
    }

    [Fact]
    public void What_the_timer_releases_tells_what_the_window_said_and_counts_as_of_its_end()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"quiet": ["* 0-5 * * *"]}"""));
        Assert.False(rule.On(Ruling.Psi(0, 0.2)).Fired);

        Assert.True(rule.Tick(Ruling.Start.AddDays(1).AddHours(6)));

        Assert.Equal((1, 0.2, true), (rule.Found!.Baseline, Assert.Single(rule.Found.Causes).Value, rule.Found.Causes[0].Hit));
        Assert.Equal(Ruling.Start.AddDays(1), rule.State.LastFire);
    }

    [Fact]
    public void A_window_that_ends_ahead_of_the_clock_counts_as_of_the_clock()
    {
        var rule = new RunningRule(Ruling.On(Psi));

        Assert.True(rule.On(Ruling.Psi(900, 0.2), Ruling.Start).Fired);

        Assert.Equal((Ruling.Start, Ruling.Start), (rule.State.LastFire, rule.Flight.LastFire));
    }

    [Fact]
    public void Labels_that_come_after_newer_windows_still_count()
    {
        var rule = new RunningRule(Ruling.On($$"""{"any": [{"signal": "performance", "metric": "rmse", "enter": 60}, {{Psi}}]}""", """{"m": 2, "n": 2}"""));
        WindowResult Waiting(int day) => Ruling.Psi(day, 0.01) with { State = WindowState.Maturing, Labelled = 5, Performance = [Ruling.Metric("rmse", 90, 5, flags: "fewLabels")] };
        for (var day = 0; day < 5; day++)
        {
            Assert.Equal((false, "ok*"), rule.On(Waiting(day)));
        }

        Assert.Equal((false, "ok"), rule.On(Ruling.Psi(0, 0.01) with { Revision = 2, Labelled = 400, Performance = [Ruling.Metric("rmse", 90, 400)] }));
        Assert.Equal((true, "firing"), rule.On(Ruling.Psi(1, 0.01) with { Revision = 2, Labelled = 400, Performance = [Ruling.Metric("rmse", 90, 400)] }));
    }

    [Fact]
    public void What_time_asked_for_is_not_asked_for_again_by_windows()
    {
        var rule = new RunningRule(Ruling.On($$"""{"any": [{"signal": "staleness", "enter": "P30D"}, {{Psi}}]}"""));
        Assert.True(rule.Tick(Ruling.Start.AddDays(31)));

        Assert.Equal((false, "ok"), rule.On(Ruling.Psi(31, 0.01)));
        Assert.Equal((true, "firing"), rule.On(Ruling.Psi(32, 0.2)));
        Assert.Equal(2, rule.Fired.Count);
    }

    [Fact]
    public void What_time_asks_for_too_is_not_dropped_when_the_drift_ends()
    {
        var rule = new RunningRule(Ruling.On($$"""{"any": [{"signal": "schedule", "cron": "0 3 * * *"}, {{Psi}}]}""", """{"quiet": ["* 0-5 * * *"]}"""));
        Assert.False(rule.On(Ruling.Psi(0, 0.2)).Fired);
        Assert.False(rule.Tick(Ruling.Start.AddDays(1).AddHours(3)));
        Assert.True(rule.State.Pending!.IsTimed);
        rule.On(Ruling.Psi(1, 0.01), Ruling.Start.AddDays(1).AddHours(4));

        Assert.True(rule.Tick(Ruling.Start.AddDays(1).AddHours(6)));
        Assert.Equal((1, Ruling.Start.AddDays(1).AddHours(6)), (rule.Fired.Count, rule.State.LastFire));
    }

    [Fact]
    public void More_anomalies_at_once_than_are_remembered_are_known_by_their_time()
    {
        var rule = new RunningRule(Ruling.Rule("""{"target": {"experiment": "5"}, "when": {"signal": "runAnomaly"}, "mode": "auto"}"""));
        var run = ServerlessMeta.Runs.RunId.New(new ServerlessMeta.Experiments.ExperimentId(5), 0, Ruling.Start);
        var many = Enumerable.Range(0, 600).Select(n => new RunAnomaly(run, "nan", "loss", n, null, Ruling.Start.AddSeconds(n / 2), "loss is NaN.")).Reverse().ToImmutableArray();

        Assert.True(rule.Tick(Ruling.Start.AddHours(1), new TimeFacts(Ruling.Start.AddHours(1)) { Anomalies = many }));

        Assert.Equal(500, rule.State.AnomaliesSeen.Length);
        Assert.Equal((Ruling.Start.AddSeconds(49), Ruling.Start.AddSeconds(299)), (rule.State.AnomaliesFloor, rule.State.AnomaliesUntil));
    }

    [Fact]
    public void Cooldown_goes_by_the_ends_of_windows_and_the_floor_by_the_clock()
    {
        var backfilled = Ruling.Start.AddYears(1);
        var rule = new RunningRule(Ruling.On(Psi, """{"cooldown": "P1D"}"""), TimeSpan.FromMinutes(1));

        Assert.True(rule.On(Ruling.Psi(0, 0.2), backfilled).Fired);
        rule.On(Ruling.Psi(10, 0.01), backfilled);
        Assert.False(rule.On(Ruling.Psi(20, 0.2), backfilled).Fired);
        Assert.Equal("floor", rule.State.HeldBy);
        Assert.True(rule.On(Ruling.Psi(21, 0.2), backfilled.AddMinutes(1)).Fired);
    }

    [Fact]
    public void A_clock_that_was_put_back_holds_nothing_by_the_floor()
    {
        var rule = new RunningRule(Ruling.On(Psi), TimeSpan.FromMinutes(1)) { Flight = new Flight(Ruling.Start.AddDays(-9), Ruling.Start.AddYears(5), null, null) };

        Assert.True(rule.On(Ruling.Psi(0, 0.2)).Fired);
    }

    [Fact]
    public void A_retraining_under_way_holds_back_for_a_day_at_most()
    {
        var rule = new RunningRule(Ruling.On(Psi)) { Flight = new Flight(null, null, "d", Ruling.Start.AddHours(20)) };

        Assert.False(rule.On(Ruling.Psi(0, 0.2)).Fired);
        Assert.Equal("retraining", rule.State.HeldBy);
        Assert.False(rule.Tick(Ruling.Start.AddHours(43)));
        Assert.True(rule.Tick(Ruling.Start.AddHours(44)));
    }

    [Fact]
    public void Fires_no_more_than_so_often_a_day()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"maxPerDay": 2}"""));
        var fired = 0;
        for (var hour = 0; hour < 24; hour++)
        {
            var window = Ruling.Psi(0, hour % 2 == 0 ? 0.2 : 0.01) with { Window = $"h{hour}", Start = Ruling.Start.AddHours(hour), End = Ruling.Start.AddHours(hour + 1) };
            fired += rule.On(window).Fired ? 1 : 0;
        }

        Assert.Equal(2, fired);
    }

    [Fact]
    public void Waits_while_it_is_quiet()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"quiet": ["* 22-23,0-5 * * *"], "timeZone": "Europe/Berlin"}"""));

        Assert.False(rule.On(Ruling.Psi(0, 0.2), new DateTimeOffset(2026, 1, 2, 4, 59, 59, TimeSpan.Zero)).Fired);
        Assert.Equal("quiet", rule.State.HeldBy);
        Assert.True(rule.Tick(new DateTimeOffset(2026, 1, 2, 5, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_new_version_begins_anew_after_its_first_windows()
    {
        var rule = new RunningRule(Ruling.On(Psi));
        rule.On(Ruling.Psi(0, 0.2));
        rule.Version = 2;

        Assert.Equal([(false, "ok*"), (false, "ok*"), (true, "firing")], new[] { 1, 2, 3 }.Select(day => rule.On(Ruling.Psi(day, 0.3))));
        Assert.Equal([true, false, true], rule.Edges.Select(static edge => edge.IsBeginning));
    }

    [Fact]
    public void A_window_that_comes_anew_counts_once_as_it_is_now()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"m": 2, "n": 3}"""));
        rule.On(Ruling.Psi(0, 0.2));
        Assert.False(rule.On(Ruling.Psi(0, 0.3) with { Revision = 2 }).Fired);
        Assert.Single(rule.State.Counted);
        rule.On(Ruling.Psi(1, 0.01));

        Assert.True(rule.On(Ruling.Psi(1, 0.3) with { Revision = 2 }).Fired);
        rule.On(Ruling.Psi(1, 0.01) with { Revision = 3 });
        Assert.False(rule.On(Ruling.Psi(1, 0.3) with { Revision = 4 }).Fired);
    }

    [Fact]
    public void A_window_that_was_skipped_counts_when_its_labels_come()
    {
        var rule = new RunningRule(Ruling.On("""{"signal": "performance", "metric": "rmse", "op": ">", "enter": 60}"""));
        var window = Ruling.Window(0) with { State = WindowState.Maturing, Predictions = 500, Labelled = 10, Performance = [Ruling.Metric("rmse", 90, 10, flags: "fewLabels")] };

        Assert.Equal((false, "ok*"), rule.On(window));
        Assert.Equal((true, "firing"), rule.On(window with { Revision = 2, Labelled = 400, Performance = [Ruling.Metric("rmse", 90, 400)] }));
    }

    [Fact]
    public void Windows_that_come_out_of_order_count_in_the_order_of_time()
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"m": 2, "n": 2}"""));

        Assert.False(rule.On(Ruling.Psi(5, 0.2)).Fired);
        Assert.False(rule.On(Ruling.Psi(3, 0.01)).Fired);
        Assert.False(rule.On(Ruling.Psi(1, 0.2)).Fired);
        Assert.Equal((true, "firing"), rule.On(Ruling.Psi(4, 0.2)));
        Assert.Equal(["w004", "w005"], rule.State.Counted.Select(static window => window.Window));
    }

    [Fact]
    public void Replays_of_the_same_windows_in_any_order_fire_nothing_more() => Gen.Select(Gen.Double[0, 0.3].Array[1, 25], Gen.Int).Sample((score, seed) =>
    {
        var rule = new RunningRule(Ruling.On(Psi, """{"m": 2, "n": 3}"""));
        var windows = score.Select((psi, day) => Ruling.Psi(day, psi)).ToArray();
        foreach (var window in windows)
        {
            rule.On(window);
        }
        var (fired, state) = (rule.Fired.Count, rule.State);
        new Random(seed).Shuffle(windows);
        foreach (var window in windows)
        {
            rule.On(window);
        }
        return rule.Fired.Count == fired && rule.State.IsFiring == state.IsFiring && rule.State.Counted.Length == state.Counted.Length;
    }, iter: 500);

    [Fact]
    public void A_rule_on_time_alone_fires_when_it_begins_to_hold()
    {
        var rule = new RunningRule(Ruling.On("""{"any": [{"signal": "newData", "enter": 1000}, {"signal": "staleness", "enter": "P30D"}]}"""));
        rule.On(Ruling.Psi(0, 0.1) with { Labelled = 600 });
        Assert.False(rule.Tick(Ruling.Start.AddDays(1)));
        rule.On(Ruling.Psi(1, 0.1) with { Labelled = 300 });
        rule.On(Ruling.Psi(1, 0.1) with { Labelled = 399, Revision = 2 });
        Assert.False(rule.Tick(Ruling.Start.AddDays(2)));
        rule.On(Ruling.Psi(1, 0.1) with { Labelled = 400, Revision = 3 });

        Assert.True(rule.Tick(Ruling.Start.AddDays(2)));
        Assert.False(rule.Tick(Ruling.Start.AddDays(40)));
        Assert.Equal(1000, rule.State.Labelled);
    }

    [Fact]
    public void New_data_can_be_a_share_of_the_baseline()
    {
        var rule = new RunningRule(Ruling.On("""{"signal": "newData", "metric": "share", "enter": 0.5}"""));
        rule.On(Ruling.Psi(0, 0.1) with { Labelled = 499 });
        Assert.False(rule.Tick(Ruling.Start.AddDays(1)));
        rule.On(Ruling.Psi(1, 0.1) with { Labelled = 1 });

        Assert.True(rule.Tick(Ruling.Start.AddDays(2)));
    }

    [Fact]
    public void A_schedule_fires_at_each_of_its_moments_and_once_for_those_that_were_missed()
    {
        var rule = new RunningRule(Ruling.On("""{"signal": "schedule", "cron": "0 3 * * *"}"""));

        Assert.False(rule.Tick(Ruling.Start.AddHours(2)));
        Assert.True(rule.Tick(Ruling.Start.AddHours(3)));
        Assert.False(rule.Tick(Ruling.Start.AddHours(4)));
        Assert.True(rule.Tick(Ruling.Start.AddDays(10)));
        Assert.False(rule.Tick(Ruling.Start.AddDays(10).AddHours(2)));
        Assert.True(rule.Tick(Ruling.Start.AddDays(10).AddHours(3)));
        Assert.Equal(3, rule.Fired.Distinct().Count());
    }

    [Fact]
    public void A_schedule_fires_nothing_twice_when_the_clock_is_put_back()
    {
        var rule = new RunningRule(Ruling.On("""{"signal": "schedule", "cron": "0 3 * * *"}"""));

        Assert.True(rule.Tick(Ruling.Start.AddHours(3)));
        Assert.False(rule.Tick(Ruling.Start.AddHours(1)));
        Assert.False(rule.Tick(Ruling.Start.AddHours(3)));
        Assert.False(rule.Tick(Ruling.Start.AddHours(4)));
    }

    [Fact]
    public void A_schedule_that_asks_for_drift_looks_at_the_last_windows()
    {
        var rule = new RunningRule(Ruling.On($$"""{"all": [{"signal": "schedule", "cron": "0 3 * * *"}, {{Psi}}]}"""));

        Assert.False(rule.On(Ruling.Psi(0, 0.01)).Fired);
        Assert.False(rule.Tick(Ruling.Start.AddDays(1).AddHours(3)));
        Assert.False(rule.On(Ruling.Psi(1, 0.2)).Fired);
        Assert.True(rule.Tick(Ruling.Start.AddDays(2).AddHours(3)));
    }

    [Fact]
    public void Drift_or_a_schedule_fire_each_on_their_own()
    {
        var rule = new RunningRule(Ruling.On($$"""{"any": [{"signal": "schedule", "cron": "0 3 * * *"}, {{Psi}}]}"""));

        Assert.False(rule.On(Ruling.Psi(0, 0.01)).Fired);
        Assert.True(rule.Tick(Ruling.Start.AddDays(1).AddHours(3)));
        Assert.True(rule.On(Ruling.Psi(1, 0.2)).Fired);
    }

    [Fact]
    public void Anomalies_of_runs_fire_each_time_some_come()
    {
        var rule = new RunningRule(Ruling.Rule("""{"target": {"experiment": "5"}, "when": {"signal": "runAnomaly", "metric": "nan"}, "mode": "auto"}"""));
        var run = ServerlessMeta.Runs.RunId.New(new ServerlessMeta.Experiments.ExperimentId(5), 0, Ruling.Start);
        var found = new TimeFacts(Ruling.Start) { Anomalies = [new RunAnomaly(run, "nan", "loss", 3, null, Ruling.Start, "loss is NaN.")] };

        Assert.True(rule.Tick(Ruling.Start, found));
        Assert.False(rule.Tick(Ruling.Start, found with { Anomalies = [] }));
        Assert.False(rule.Tick(Ruling.Start, found with { Anomalies = [found.Anomalies[0] with { Kind = "spike" }] }));
        Assert.True(rule.Tick(Ruling.Start, found));
    }

    [Fact]
    public void A_decision_has_the_same_id_whoever_computes_it()
    {
        var id = DecisionId.Of("r", 2, "1", 3, Ruling.Start, 1);

        Assert.True(DecisionId.IsId(id));
        Assert.Equal(id, DecisionId.Of("r", 2, "1", 3, Ruling.Start.ToOffset(TimeSpan.FromHours(5)), 1));
        Assert.Equal(6, new[] { id, DecisionId.Of("r", 2, "1", 3, Ruling.Start, 2), DecisionId.Of("r", 3, "1", 3, Ruling.Start, 1), DecisionId.Of("r", 2, "2", 3, Ruling.Start, 1), DecisionId.Of("r", 2, "1", 4, Ruling.Start, 1), DecisionId.Of("q", 2, "1", 3, Ruling.Start, 1) }.Distinct().Count());
    }

    [Fact]
    public void A_rule_that_judges_otherwise_begins_anew_without_grace()
    {
        var (mild, strict) = (Ruling.On(Psi), Ruling.On(Psi.Replace("0.1,", "0.5,", StringComparison.Ordinal)));
        var before = new RunningRule(mild);
        before.On(Ruling.Psi(0, 0.2));

        var step = RuleEvaluator.Count(strict, Ruling.Identity(revision: 2), before.State, WindowReading.Of(strict, Ruling.Psi(1, 0.2), new TimeFacts(Ruling.Start)), null);

        Assert.Equal((false, WindowOutcome.Counted, 1), (step.State.IsFiring, step.Outcome, step.State.Counted.Length));
        Assert.False(Assert.Single(step.Edges).IsBeginning);
    }
}
