using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.Triggers;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>What comes of triggers: runs, versions, verdicts; told by whoever retrains, or found.</summary>
public sealed class FollowUpTests(AzuriteFixture azurite)
{
    private const string Rmse = """{"target": {"model": "bike", "version": 1}, "when": {"signal": "performance", "metric": "rmse", "op": ">", "enter": 60}, "mode": "auto"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beginning_and_end_may_be_told_twice_and_in_any_order()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var trigger = await FireAsync(store);
        var run = (await store.CreateRunAsync()).ToString();
        await store.AddVersionAsync("bike");

        var completed = Value(await store.Triggers.CompleteAsync(trigger.Id, null, 2, true, Ct));
        Assert.Equal(Row(completed), Row(Value(await store.Triggers.CompleteAsync(trigger.Id, null, 2, true, Ct))));
        var late = Value(await store.Triggers.StartAsync(trigger.Id, run, Ct));
        Assert.Equal(Row(late), Row(Value(await store.Triggers.StartAsync(trigger.Id, run, Ct))));

        Assert.Equal((TriggerStatus.Completed, run, 2), (late.Status, late.Run, late.NewVersion));
        Assert.Equal(trigger.Id, (await store.Triggers.FindOfRunAsync(RunId.Parse(run, null), Ct))!.Id);
        Assert.IsType<Failure.Clash>((await store.Triggers.CompleteAsync(trigger.Id, null, null, false, Ct)).Failure);
        Assert.IsType<Failure.Invalid>((await store.Triggers.CompleteAsync(trigger.Id, null, 7, true, Ct)).Failure);
        Assert.IsType<Failure.Invalid>((await store.Triggers.StartAsync(trigger.Id, "nothing", Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.Triggers.StartAsync(new string('0', 32), null, Ct)).Failure);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task A_failed_retraining_may_be_followed_by_one_that_succeeds()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var trigger = await FireAsync(store);

        Value(await store.Triggers.StartAsync(trigger.Id, null, Ct));
        Assert.Equal(TriggerStatus.Failed, Value(await store.Triggers.CompleteAsync(trigger.Id, null, null, false, Ct)).Status);
        Assert.Equal(TriggerStatus.Started, Value(await store.Triggers.StartAsync(trigger.Id, null, Ct)).Status);
        Assert.Equal(TriggerStatus.Completed, Value(await store.Triggers.CompleteAsync(trigger.Id, null, null, true, Ct)).Status);
    }

    [Fact]
    public async Task While_retraining_is_under_way_nothing_fires_for_a_day_at_most()
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(Watching.Psi);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        var first = Assert.Single(await store.TriggersAsync());
        Value(await store.Triggers.StartAsync(first.Id, null, Ct));

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(1, 0.01), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(2, 0.2), Ct);
        Assert.Equal("retraining", (await store.Rules.FindStateAsync("r1", Ct))!.HeldBy);
        time.Advance(TimeSpan.FromHours(23));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Single(await store.TriggersAsync());
        time.Advance(TimeSpan.FromHours(1));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(2, (await store.TriggersAsync()).Count);

        var second = (await store.TriggersAsync())[0];
        Value(await store.Triggers.StartAsync(second.Id, null, Ct));
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(3, 0.01), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(4, 0.2), Ct);
        Assert.Equal(2, (await store.TriggersAsync()).Count);
        Value(await store.Triggers.CompleteAsync(second.Id, null, null, true, Ct));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(3, (await store.TriggersAsync()).Count);
    }

    [Fact]
    public async Task A_run_with_the_triggers_tag_and_its_version_are_found_and_judged()
    {
        var (time, results) = (new FakeTimeProvider(Watching.Start.AddDays(2)), new ConcurrentDictionary<string, List<WindowResult>>(StringComparer.Ordinal));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(results: results));
        await store.Experiments.CreateAsync(new NewExperiment("training", null, []), Ct);
        var origin = await RunAsync(store);
        await store.RegisterAsync("bike");
        Value(await store.ModelVersions.CreateAsync("bike", new NewModelVersion("s3://1") { Run = origin }, Ct));
        var old = MonitorTarget.Of((await store.ModelAsync("bike")).Number, 1);
        await store.SetRuleAsync(Rmse);
        results[old.Key] = [Rmses(0, 80, 5)];
        await store.RuleEvaluation.EvaluateAsync(old, results[old.Key][0], Ct);
        var trigger = Assert.Single(await store.TriggersAsync());
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(TriggerStatus.Requested, (await store.Triggers.FindAsync(trigger.Id, Ct))!.Status);

        var run = await RunAsync(store, new Tag("serverlessmeta.trigger", trigger.Id));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal((TriggerStatus.Started, run.ToString()), await StateAsync());

        Value(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, time.GetUtcNow(), null), Ct));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal((TriggerStatus.Completed, run.ToString()), await StateAsync());

        Value(await store.ModelVersions.CreateAsync("bike", new NewModelVersion("s3://2") { Run = run }, Ct));
        await store.RuleTimer.RunAsync(Ct);
        var found = (await store.Triggers.FindAsync(trigger.Id, Ct))!;
        Assert.Equal((2, "undecided", false), (found.NewVersion, found.Verdict!.Outcome, found.Verdict.IsFinal));

        var fresh = MonitorTarget.Of(old.Model, 2);
        results[fresh.Key] = [Rmses(1, 40, 5)];
        await store.RuleEvaluation.EvaluateAsync(fresh, results[fresh.Key][0], Ct);
        await store.RuleTimer.RunAsync(Ct);
        var verdict = (await store.Triggers.FindAsync(trigger.Id, Ct))!.Verdict!;
        Assert.Equal(("helped", true, "performance", "rmse", -40d), (verdict.Outcome, verdict.IsFinal, verdict.Basis, verdict.Metric, verdict.Difference));
        Assert.Equal((80d, 40d, 1), (verdict.Old!.Value, verdict.New!.Value, verdict.New.Windows));
        Assert.Empty(await store.RowsAsync(TriggerKeys.Waiting));

        var view = await store.TriggerReader.ReadAsync((await store.TriggerReader.FindOfRunAsync(run, Ct))!, Ct);
        Assert.Equal((trigger.Id, run.ToString(), "Finished", "/api/v1/models/bike/versions/2"), (view.Trigger.Id, view.RunInfo!.Id, view.RunInfo.Status, view.Links["newVersion"]));
        Assert.Equal(trigger.Id, Assert.Single(Value(await store.Triggers.ListAsync(new TriggerFilter(old.Model, 2), 10, null, Ct)).Items).Id);
        await store.AssertAuditedAsync();

        async Task<(TriggerStatus, string?)> StateAsync() => (await store.Triggers.FindAsync(trigger.Id, Ct))! is var now ? (now.Status, now.Run) : default;
    }

    [Fact]
    public async Task A_suggestion_that_somebody_followed_by_a_run_is_linked_with_it()
    {
        var time = new FakeTimeProvider(Watching.Start.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With());
        await store.Experiments.CreateAsync(new NewExperiment("training", null, []), Ct);
        var origin = await RunAsync(store);
        await store.RegisterAsync("bike");
        Value(await store.ModelVersions.CreateAsync("bike", new NewModelVersion("s3://1") { Run = origin }, Ct));
        await store.SetRuleAsync(Rmse.Replace("auto", "suggest", StringComparison.Ordinal));
        await store.RuleEvaluation.EvaluateAsync(MonitorTarget.Of((await store.ModelAsync("bike")).Number, 1), Rmses(0, 80, 5), Ct);
        var trigger = Assert.Single(await store.TriggersAsync());
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(TriggerStatus.Suggested, (await store.Triggers.FindAsync(trigger.Id, Ct))!.Status);

        var run = await RunAsync(store, new Tag("serverlessmeta.trigger", trigger.Id));
        await store.RuleTimer.RunAsync(Ct);
        Value(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, time.GetUtcNow(), null), Ct));
        Value(await store.ModelVersions.CreateAsync("bike", new NewModelVersion("s3://2") { Run = run }, Ct));
        await store.RuleTimer.RunAsync(Ct);

        var followed = (await store.Triggers.FindAsync(trigger.Id, Ct))!;
        Assert.Equal((TriggerStatus.Completed, run.ToString(), 2, (string?)null), (followed.Status, followed.Run, followed.NewVersion, followed.ApprovedBy));
        Assert.Equal(trigger.Id, (await store.Triggers.FindOfRunAsync(run, Ct))!.Id);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task Of_the_suggestions_of_a_rule_the_newest_is_waited_for()
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
        await store.RegisterBikeAsync();
        foreach (var id in new[] { "a", "b" })
        {
            await store.SetRuleAsync("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "0 * * * *"}, "mode": "suggest"}""", id);
        }
        for (var hour = 0; hour < 3; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            await store.RuleTimer.RunAsync(Ct);
        }
        await store.RuleTimer.RunAsync(Ct);

        var newest = (await store.TriggersAsync()).GroupBy(static trigger => trigger.Rule).Select(static rule => TriggerKeys.Awaited(rule.MaxBy(static trigger => trigger.FiredAt)!.Id));
        Assert.Equal(newest.Order(StringComparer.Ordinal), (await store.RowsAsync(TriggerKeys.Waiting)).Select(static row => row.RowKey));
        Assert.Equal(6, (await store.TriggersAsync()).Count);
    }

    [Fact]
    public async Task A_suggestion_that_nobody_follows_is_not_waited_for_after_a_month_and_can_still_be_approved()
    {
        var time = new FakeTimeProvider(Watching.Start.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(new RecordingBus()));
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(Watching.Psi.Replace("auto", "suggest", StringComparison.Ordinal));
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        var trigger = Assert.Single(await store.TriggersAsync());

        time.Advance(TimeSpan.FromDays(31));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Empty(await store.RowsAsync(TriggerKeys.Waiting));
        Assert.Equal((TriggerStatus.Suggested, true), (await store.Triggers.FindAsync(trigger.Id, Ct))! is var old ? (old.Status, old.IsExpired) : default);

        Value(await store.Triggers.ApproveAsync(trigger.Id, Ct));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Single(await store.RowsAsync(TriggerKeys.Waiting));
        Assert.Equal((TriggerStatus.Requested, false), (await store.Triggers.FindAsync(trigger.Id, Ct))! is var now ? (now.Status, now.IsExpired) : default);
    }

    [Fact]
    public async Task Evaluations_of_both_judge_until_windows_come_and_what_nothing_judges_ends_after_a_month()
    {
        var (time, results) = (new FakeTimeProvider(Watching.Start.AddDays(2)), new ConcurrentDictionary<string, List<WindowResult>>(StringComparer.Ordinal));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(results: results));
        var trigger = await FireAsync(store);
        await store.AddVersionAsync("bike");
        Value(await store.Triggers.CompleteAsync(trigger.Id, null, 2, true, Ct));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal("undecided", (await store.Triggers.FindAsync(trigger.Id, Ct))!.Verdict!.Outcome);

        foreach (var (version, rmse) in new[] { (1, 50d), (2, 60d) })
        {
            Value(await store.Evaluations.RecordAsync("bike", version, new EvaluationContent { Dataset = "holdout", Digest = "1a", Metrics = [new EvaluationMetric("rmse", rmse, 100)] }, null, Ct));
        }
        await store.RuleTimer.RunAsync(Ct);
        var verdict = (await store.Triggers.FindAsync(trigger.Id, Ct))!.Verdict!;
        Assert.Equal(("worse", false, "evaluations", "holdout"), (verdict.Outcome, verdict.IsFinal, verdict.Basis, verdict.Dataset));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Single(await store.RowsAsync(TriggerKeys.Waiting));

        time.Advance(TimeSpan.FromDays(31));
        await store.RuleTimer.RunAsync(Ct);
        var ended = (await store.Triggers.FindAsync(trigger.Id, Ct))!;
        Assert.Equal(("worse", true, true), (ended.Verdict!.Outcome, ended.Verdict.IsFinal, ended.IsExpired));
        Assert.Empty(await store.RowsAsync(TriggerKeys.Waiting));
        await store.AssertAuditedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_chain_closes_whichever_request_fails(bool afterEffect)
    {
        var struck = true;
        for (var n = 1; struck; n += 3)
        {
            var (time, results, faults) = (new FakeTimeProvider(Watching.Start.AddDays(2)), new ConcurrentDictionary<string, List<WindowResult>>(StringComparer.Ordinal), new FaultPolicy(afterEffect, retries: 2));
            await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(results: results));
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, time, faults, Watching.With(results: results));
            var trigger = await FireAsync(store, Rmse, Rmses(0, 80, 5));
            await store.AddVersionAsync("bike");
            var old = MonitorTarget.Of(trigger.Model, 1);
            var fresh = MonitorTarget.Of(trigger.Model, 2);
            (results[old.Key], results[fresh.Key]) = ([Rmses(0, 80, 5)], [Rmses(1, 40, 5)]);

            faults.Arm(n);
            foreach (var step in new Func<Task>[]
            {
                () => faulty.Triggers.StartAsync(trigger.Id, null, Ct), () => faulty.Triggers.CompleteAsync(trigger.Id, null, 2, true, Ct),
                () => faulty.RuleEvaluation.EvaluateAsync(fresh, results[fresh.Key][0], Ct), () => faulty.RuleTimer.RunAsync(Ct),
            })
            {
                try
                {
                    await step();
                }
                catch (Exception cut) when (Outage.IsAmbiguous(cut))
                {
                    faults.Arm(int.MaxValue);
                    await step();
                }
            }
            struck = faults.Struck || n == 1;
            faults.Arm(int.MaxValue);
            await store.RuleTimer.RunAsync(Ct);

            Assert.Equal("helped", (await store.Triggers.FindAsync(trigger.Id, Ct))!.Verdict!.Outcome);
            Assert.Empty(await store.RowsAsync(TriggerKeys.Waiting));
            await store.AssertAuditedAsync();
            Assert.True(n < 100);
        }
    }

    [Fact]
    public async Task A_failure_that_was_told_is_not_undone_by_a_run_that_is_found()
    {
        var time = new FakeTimeProvider(Watching.Start.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With());
        await store.Experiments.CreateAsync(new NewExperiment("training", null, []), Ct);
        var trigger = await FireAsync(store, Watching.Psi.Replace("\"model\": \"bike\"", "\"model\": \"bike\", \"experiment\": \"1\"", StringComparison.Ordinal));
        var run = await RunAsync(store, new Tag("serverlessmeta.trigger", trigger.Id));
        Value(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, time.GetUtcNow(), null), Ct));
        Value(await store.Triggers.CompleteAsync(trigger.Id, null, null, false, Ct));

        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(TriggerStatus.Failed, (await store.Triggers.FindAsync(trigger.Id, Ct))!.Status);

        var again = Value(await store.Runs.CreateAsync(new NewRun(new ExperimentId(1), "again", "someone", time.GetUtcNow().AddMinutes(1), [new Tag("serverlessmeta.trigger", trigger.Id)]), Ct)).Info.Id;
        Value(await store.Runs.ChangeAsync(again, new RunUpdate(RunStatus.Finished, time.GetUtcNow(), null), Ct));
        await store.RuleTimer.RunAsync(Ct);
        var found = (await store.Triggers.FindAsync(trigger.Id, Ct))!;
        Assert.Equal((TriggerStatus.Completed, again.ToString()), (found.Status, found.Run));
    }

    [Fact]
    public async Task A_message_is_taken_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var trigger = await FireAsync(store);

        Assert.False(await TakeAsync("m1", () => store.Triggers.StartAsync(trigger.Id, null, Ct)));
        Value(await store.Triggers.CompleteAsync(trigger.Id, null, null, false, Ct));
        Assert.True(await TakeAsync("m1", () => store.Triggers.StartAsync(trigger.Id, null, Ct)));
        Assert.Equal(TriggerStatus.Failed, (await store.Triggers.FindAsync(trigger.Id, Ct))!.Status);
        Assert.False(await TakeAsync("m2", () => store.Triggers.CompleteAsync(trigger.Id, null, null, false, Ct)));
        Assert.True(await TakeAsync("m2", () => store.Triggers.CompleteAsync(trigger.Id, null, null, true, Ct)));

        async Task<bool> TakeAsync(string id, Func<Task<Result<Trigger>>> apply)
        {
            var receipt = new Receipt("/tests", id, Watching.Start);
            using (receipt.Begin())
            {
                Value(await apply());
            }
            Assert.True(receipt.Entered.IsCompleted);
            return receipt.IsKnown;
        }
    }

    private static string Row(Trigger trigger) => ServerlessMeta.Audit.RowDigest.Of(TriggerRow.From(trigger));

    private static WindowResult Rmses(int day, double rmse, double half) => Watching.Window(day) with { Performance = [Watching.Metric("rmse", rmse, half)] };

    private static async Task<RunId> RunAsync(Instance store, params Tag[] tags) =>
        Value(await store.Runs.CreateAsync(new NewRun(new ExperimentId(1), "run", "someone", Watching.Start, [.. tags]), Ct)).Info.Id;

    private static async Task<Trigger> FireAsync(Instance store, string rule = Watching.Psi, WindowResult? window = null)
    {
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(rule);
        await store.RuleEvaluation.EvaluateAsync(bike, window ?? Watching.PsiOf(0, 0.2), Ct);
        return Assert.Single(await store.TriggersAsync());
    }
}
