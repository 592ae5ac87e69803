using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.Triggers;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>Windows and moments become triggers, once, whatever fails and whoever else is at it.</summary>
public sealed class FiringTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_that_drifts_fires_a_trigger_that_tells_why()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: new FakeTimeProvider(Watching.Start.AddDays(9)), add: Watching.With(bus));
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", "\"aggregate\": {\"m\": 2, \"n\": 3, \"cooldown\": \"P2D\"}, \"mode\"", StringComparison.Ordinal));

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        Assert.Empty(await store.TriggersAsync());
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(1, 0.3), Ct);
        await store.TriggerDispatcher.SweepAsync(Ct);

        var trigger = Assert.Single(await store.TriggersAsync());
        Assert.Equal(("r1", 1, bike.Model, "bike", 1, TriggerStatus.Requested, Watching.Start.AddDays(2)), (trigger.Rule, trigger.RuleRevision, trigger.Model, trigger.ModelName, trigger.Version, trigger.Status, trigger.At));
        Assert.Equal(["w0", "w1"], trigger.Windows.Select(static window => window.Window));
        Assert.Equal(Watching.Start.AddDays(4), trigger.CooldownUntil);
        var cause = Assert.Single(trigger.Cause);
        Assert.Equal(("dataDrift", "psi", ">=", 0.1, 0.3, 400L, true), (cause.Signal, cause.Metric, cause.Op, cause.Threshold, cause.Value, cause.N, cause.Hit));
        Assert.Equal("x", Assert.Single(cause.Columns).Column);
        Assert.Equal(trigger.Id, DecisionId.Of("r1", 1, $"{bike.Model}", 1, Watching.Start.AddDays(1), 1));

        var (entity, message) = Assert.Single(bus.Sent);
        var told = Assert.Single(bus.Events);
        Assert.Equal(("retraining", trigger.Id, "application/cloudevents+json", "r1"), (entity, message.Id, message.ContentType, message.Subject));
        Assert.Equal(("1.0", trigger.Id, "/models/bike/versions/1", "dev.serverlessmeta.retrain.requested.v1", "r1"), (
            told["specversion"]!.GetValue<string>(), told["id"]!.GetValue<string>(), told["source"]!.GetValue<string>(), told["type"]!.GetValue<string>(), told["subject"]!.GetValue<string>()));
        Assert.Equal(0.3, told["data"]!["metrics"]![0]!["value"]!.GetValue<double>());
        Assert.Equal($"/api/v1/triggers/{trigger.Id}", told["data"]!["links"]!["trigger"]!.GetValue<string>());
        Assert.Empty(await store.RowsAsync(TriggerKeys.Outbox));
        Assert.Equal(TriggerDeliveryStatus.Sent, Assert.Single((await store.TriggerReader.ReadAsync(trigger, Ct)).Deliveries!.Value).Status);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task Two_timers_at_once_fire_once()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        await using var other = await Instance.StartAsync(store.Connection, store.Prefix, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? store : other).RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct)));

        Assert.Single(await store.TriggersAsync());
        Assert.Single(await store.RowsAsync(TriggerKeys.Outbox));
        await store.AssertAuditedAsync();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Fires_once_whichever_request_fails(bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync();
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var (day, faults) = (10 * n, new FaultPolicy(afterEffect, retries));
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, faults: faults, add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
            faults.Arm(n);
            try
            {
                await faulty.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(day, 0.2), Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // The timer does it again.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);
            await faulty.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(day, 0.2), Ct);
            await faulty.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(day + 1, 0.01), Ct);

            Assert.Equal(n, (await store.TriggersAsync()).Count);
            Assert.Equal(n, (await store.RowsAsync(TriggerKeys.Outbox)).Count);
            Assert.False((await store.Rules.FindStateAsync("r1", Ct))!.IsFiring);
            Assert.True(n < 40);
        }
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task A_window_that_comes_anew_counts_once()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", "\"aggregate\": {\"m\": 2, \"n\": 3}, \"mode\"", StringComparison.Ordinal));

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2, 2), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2, 2), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);

        Assert.Empty(await store.TriggersAsync());
        var state = (await store.Rules.FindStateAsync("r1", Ct))!;
        Assert.Equal((1, 400), (state.Counted.Length, state.Labelled));
        Assert.Equal(2, EvaluatedRow.To(Assert.Single(await store.RowsAsync(TriggerKeys.EvaluatedBy("r1")))).Revision);
    }

    [Fact]
    public async Task A_window_whose_end_has_not_passed_is_judged_when_it_has()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync();

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2) with { State = WindowState.Open }, Ct);
        Assert.Empty(await store.TriggersAsync());
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2, 2) with { State = WindowState.Maturing }, Ct);
        Assert.Single(await store.TriggersAsync());
    }

    [Fact]
    public async Task Only_windows_of_what_a_rule_watches_are_judged()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
        var second = await store.RegisterBikeAsync(2);
        var first = MonitorTarget.Of(second.Model, 1);
        await store.SetRuleAsync(id: "newest");
        await store.SetRuleAsync(Watching.Psi.Replace("\"model\": \"bike\"", "\"model\": \"bike\", \"version\": 1", StringComparison.Ordinal), "first");
        await store.SetRuleAsync(Watching.Psi.Replace("\"model\": \"bike\"", "\"monitor\": \"clicks\"", StringComparison.Ordinal), "clicks");
        await store.SetRuleAsync(Watching.Psi.Replace("auto", "off", StringComparison.Ordinal), "off");

        await store.RuleEvaluation.EvaluateAsync(first, Watching.PsiOf(0, 0.2), Ct);
        Assert.Equal(["first"], (await store.TriggersAsync()).Select(static trigger => trigger.Rule));
        await store.RuleEvaluation.EvaluateAsync(second, Watching.PsiOf(0, 0.2), Ct);
        await store.RuleEvaluation.EvaluateAsync(MonitorTarget.Of("clicks"), Watching.PsiOf(0, 0.2), Ct);
        Assert.Equal(["clicks", "first", "newest"], (await store.TriggersAsync()).Select(static trigger => trigger.Rule).Order(StringComparer.Ordinal));

        Value(await store.Aliases.SetAsync("bike", "champion", 1, MoveTerms.None, Ct));
        await store.RuleEvaluation.EvaluateAsync(second, Watching.PsiOf(1, 0.01), Ct);
        Assert.Equal(2, (await store.Rules.FindStateAsync("newest", Ct))!.Version);
        await store.RuleEvaluation.EvaluateAsync(first, Watching.PsiOf(1, 0.2), Ct);
        var state = (await store.Rules.FindStateAsync("newest", Ct))!;
        Assert.Equal((1, false, 1), (state.Version, state.IsFiring, state.Grace));
    }

    [Fact]
    public async Task Rules_on_one_target_with_the_same_actions_share_their_cooldown()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: new FakeTimeProvider(Watching.Start.AddDays(9)), add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
        var bike = await store.RegisterBikeAsync();
        var cooling = Watching.Psi.Replace("\"mode\"", "\"aggregate\": {\"cooldown\": \"P3D\"}, \"mode\"", StringComparison.Ordinal);
        await store.SetRuleAsync(cooling, "a");
        await store.SetRuleAsync(cooling, "b");

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);

        Assert.Single(await store.TriggersAsync());
        var held = (await Task.WhenAll(new[] { "a", "b" }.Select(id => store.Rules.FindStateAsync(id, Ct)))).Select(static state => state!.HeldBy).ToList();
        Assert.Equal(["", "cooldown"], held.Select(static by => by ?? "").Order(StringComparer.Ordinal));
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(3, 0.2), Ct);
        Assert.Equal(2, (await store.TriggersAsync()).Count);
    }

    [Fact]
    public async Task A_schedule_fires_once_by_two_timers_and_what_is_pending_when_it_may()
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With());
        await using var other = await Instance.StartAsync(store.Connection, store.Prefix, time, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "0 * * * *"}, "actions": ["none"], "mode": "auto"}""", "hourly");
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", "\"aggregate\": {\"quiet\": [\"* * * * *\"]}, \"mode\"", StringComparison.Ordinal), "quiet");
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(-2, 0.2), Ct);

        await store.RuleTimer.RunAsync(Ct);
        Assert.Empty(await store.TriggersAsync());
        time.Advance(TimeSpan.FromHours(5));
        await Task.WhenAll(store.RuleTimer.RunAsync(Ct), other.RuleTimer.RunAsync(Ct), store.RuleTimer.RunAsync(Ct));
        Assert.Equal("hourly", Assert.Single(await store.TriggersAsync()).Rule);

        await store.SetRuleAsync(Watching.Psi, "quiet");
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(["hourly", "quiet"], (await store.TriggersAsync()).Select(static trigger => trigger.Rule).Order(StringComparer.Ordinal));
        await store.AssertAuditedAsync("hourly");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_timer_fires_once_whichever_request_fails(bool afterEffect)
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With());
        await store.RegisterBikeAsync();
        await store.SetRuleAsync("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "0 * * * *"}, "mode": "suggest"}""");
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, time, faults, Watching.With());
            time.Advance(TimeSpan.FromHours(1));
            faults.Arm(n);
            try
            {
                await faulty.RuleTimer.RunAsync(Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // The next timer does it.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);
            await store.RuleTimer.RunAsync(Ct);
            await store.RuleTimer.RunAsync(Ct);

            Assert.Equal(n, (await store.TriggersAsync()).Count);
            Assert.True(n < 60);
        }
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task New_data_and_age_are_looked_at_by_the_timer()
    {
        var (time, results) = (new FakeTimeProvider(Watching.Start), new ConcurrentDictionary<string, List<WindowResult>>(StringComparer.Ordinal));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(results: results));
        var bike = await store.RegisterBikeAsync();
        // What started before the version was there is nothing new.
        results[bike.Key] = [Watching.PsiOf(-5, 0.2) with { Labelled = 5000 }];
        await store.SetRuleAsync("""{"target": {"model": "bike"}, "when": {"signal": "newData", "enter": 1000}, "actions": ["none"], "mode": "auto"}""", "data");
        await store.SetRuleAsync("""{"target": {"model": "bike"}, "when": {"signal": "staleness", "enter": "P30D"}, "actions": [{"type": "serviceBus", "entity": "old"}], "mode": "auto"}""", "age");
        for (var day = 0; day < 3; day++)
        {
            await store.RuleTimer.RunAsync(Ct);
            Assert.Empty(await store.TriggersAsync());
            results[bike.Key].Add(Watching.PsiOf(day, 0.2));
        }

        await store.RuleTimer.RunAsync(Ct);
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal("data", Assert.Single(await store.TriggersAsync()).Rule);
        time.Advance(TimeSpan.FromDays(31));
        await store.RuleTimer.RunAsync(Ct);
        Assert.Equal(["age", "data"], (await store.TriggersAsync()).Select(static trigger => trigger.Rule));
    }

    [Fact]
    public async Task A_rule_that_was_off_deleted_or_whose_alias_was_taken_away_begins_anew()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(), settings: ("Triggers:FloorSeconds", "0"));
        var bike = await store.RegisterBikeAsync();
        Value(await store.Aliases.SetAsync("bike", "prod", 1, MoveTerms.None, Ct));
        var rule = Watching.Psi.Replace("\"model\": \"bike\"", "\"model\": \"bike\", \"alias\": \"prod\"", StringComparison.Ordinal);
        var steps = new Func<Task>[]
        {
            async () => Value(await store.Rules.DeleteAsync("r1", null, Ct)),
            () => store.SetRuleAsync(rule.Replace("auto", "off", StringComparison.Ordinal)),
            async () =>
            {
                Value(await store.Aliases.DeleteAsync("bike", "prod", MoveTerms.None, Ct));
                await store.RuleTimer.RunAsync(Ct);
            },
        };
        for (var n = 0; n < steps.Length; n++)
        {
            await store.SetRuleAsync(rule);
            await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(n, 0.2), Ct);
            var before = (await store.Rules.FindStateAsync("r1", Ct))!;
            Assert.True(before.IsFiring);

            await steps[n]();

            var state = (await store.Rules.FindStateAsync("r1", Ct))!;
            Assert.Equal((false, 0, 0, before.Sequence, null), (state.IsFiring, state.Counted.Length, state.Fires.Length, state.Sequence, state.LastFire));
        }
        Assert.Equal(3, (await store.TriggersAsync()).Select(static trigger => trigger.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_rule_that_cannot_be_read_keeps_no_other_from_firing()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(id: "newer");
        await store.SetRuleAsync();
        var row = (await store.TriggerTable.FindAsync(TriggerKeys.Rule("newer"), Ct))!;
        row["v"] = 99;
        await store.TriggerTable.Table.UpdateEntityAsync(row, row.ETag, Azure.Data.Tables.TableUpdateMode.Replace, Ct);

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);

        Assert.Equal("r1", Assert.Single(await store.TriggersAsync()).Rule);
    }

    [Fact]
    public async Task What_the_timer_fires_tells_why_as_the_window_did()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: new FakeTimeProvider(Watching.Start), add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", "\"aggregate\": {\"quiet\": [\"* * * * *\"]}, \"mode\"", StringComparison.Ordinal));
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(-3, 0.2), Ct);
        Assert.Empty(await store.TriggersAsync());

        await store.SetRuleAsync();
        await store.RuleTimer.RunAsync(Ct);

        var trigger = Assert.Single(await store.TriggersAsync());
        Assert.Equal((1, Watching.Start.AddDays(-2), Watching.Start), (trigger.Baseline, trigger.At, trigger.FiredAt));
        Assert.Equal((0.2, "x"), (Assert.Single(trigger.Cause).Value, trigger.Cause[0].Columns[0].Column));
    }

    [Fact]
    public async Task Windows_that_were_judged_long_ago_are_forgotten_and_not_judged_anew()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync();
        for (var hour = 0; hour < 1003; hour++)
        {
            await store.TriggerTable.Table.AddEntityAsync(
                EvaluatedRow.From("r1", new EvaluatedWindow($"h{hour}", Watching.Start.AddHours(hour), Watching.Start.AddHours(hour + 1), 1, 1, WindowOutcome.Counted, false, 0, 0, false)), Ct);
        }

        await store.RuleTimer.TrimAsync(Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2) with { Window = "h1", Start = Watching.Start.AddHours(1), End = Watching.Start.AddHours(2), Revision = 9 }, Ct);

        Assert.Equal(1000, (await store.RowsAsync(TriggerKeys.EvaluatedBy("r1"))).Count);
        Assert.Empty(await store.TriggersAsync());
    }

    [Fact]
    public async Task A_dry_run_tells_when_a_rule_would_have_fired_and_stores_nothing()
    {
        var (time, results) = (new FakeTimeProvider(Watching.Start.AddDays(20)), new ConcurrentDictionary<string, List<WindowResult>>(StringComparer.Ordinal));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(results: results));
        var bike = await store.RegisterBikeAsync();
        double[] score = [0.05, 0.12, 0.08, 0.13, 0.14, 0.09, 0.07, 0.04, 0.03, 0.02, 0.15, 0.16, 0.17];
        results[bike.Key] = [.. score.Select((psi, day) => Watching.PsiOf(day, psi))];
        var rule = Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "dataDrift", "metric": "psi", "enter": 0.1, "exit": 0.06, "minN": 0}, "aggregate": {"m": 2, "n": 3}}""");

        var run = Value(await store.DryRun.RunAsync("r1", rule, null, Ct));
        var cooled = Value(await store.DryRun.RunAsync("r1", rule with { Aggregate = rule.Aggregate with { Cooldown = TimeSpan.FromDays(8.5) } }, null, Ct));
        var scheduled = Value(await store.DryRun.RunAsync("r1", Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "0 0 1 * *"}}"""), null, Ct));

        Assert.Equal(["w3", "w11"], run.Fires.Select(static fire => fire.Window));
        Assert.Equal(13, run.Windows.Length);
        Assert.StartsWith("would have fired on 2027-01-", run.Summary, StringComparison.Ordinal);
        Assert.Equal([(DateTimeOffset)Watching.Start.AddDays(4), Watching.Start.AddDays(13)], cooled.Fires.Select(static fire => fire.At));
        Assert.Equal([new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero)], scheduled.Fires.Select(static fire => fire.At));
        Assert.False(run.IsTruncated);
        var hushed = Value(await store.DryRun.RunAsync("r1", rule with { Aggregate = rule.Aggregate with { Quiet = ["* * * * *"] } }, null, Ct));
        var evening = Value(await store.DryRun.RunAsync("r1", Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "0 0 1 * *"}, "aggregate": {"quiet": ["* 0-5 * * *"]}}"""), null, Ct));
        var minutes = Value(await store.DryRun.RunAsync("r1", Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "schedule", "cron": "* * * * *"}, "aggregate": {"maxPerDay": 1}}"""), null, Ct));
        Assert.Empty(hushed.Fires);
        Assert.Equal([new DateTimeOffset(2027, 2, 1, 6, 0, 0, TimeSpan.Zero)], evening.Fires.Select(static fire => fire.At));
        Assert.True(minutes.IsTruncated);
        Assert.Contains("too much", minutes.Summary, StringComparison.Ordinal);
        Assert.Empty(await store.TriggersAsync());
        Assert.Null(await store.Rules.FindAsync("r1", Ct));
    }
}
