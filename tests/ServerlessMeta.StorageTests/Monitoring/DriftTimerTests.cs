using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests.Monitoring;

/// <summary>The timer computes what changed, each once, whoever else runs and wherever it stopped.</summary>
public sealed class DriftTimerTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_is_computed_once_and_its_parts_merge_in_any_order()
    {
        var told = new ConcurrentQueue<WindowResult>();
        await using var store = await ListeningAsync(azurite.ConnectionString, told);
        await using var shuffled = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var one in new[] { store, shuffled })
        {
            await one.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
            await one.PostBaselineAsync(Rows(0, 500, Monday.AddDays(-7)));
        }
        string[] parts = [Rows(1000, 200, Monday, 0.5), Rows(1200, 100, Monday, 0.7), Rows(1300, 60, Monday, 0.1)];
        for (var number = 0; number < parts.Length; number++)
        {
            await store.PostAsync(parts[number], Monday, $"{number}");
        }
        foreach (var number in new[] { 2, 0, 1, 0, 2 })
        {
            await shuffled.PostAsync(parts[number], Monday, $"{number}");
        }

        await store.DriftTimer.RunAsync(Ct);
        await store.DriftTimer.RunAsync(Ct);
        await shuffled.DriftTimer.RunAsync(Ct);

        var (result, other) = (await store.ResultAsync(Monday), await shuffled.ResultAsync(Monday));
        Assert.Equal((1, 360L, 360L, 1), (result.Revision, result.Rows, result.Predictions, result.Baseline));
        Assert.Equal(Verdict.Drift, result.Columns.Single(static column => column.Column == "x").Verdict);
        Assert.Equivalent(other.Columns, result.Columns, strict: true);
        Assert.Equivalent(other.Dataset, result.Dataset, strict: true);
        Assert.Equal([1], told.Select(static one => one.Revision));
        Assert.Empty(await ImmediateAsync(store));
    }

    [Fact]
    public async Task Late_data_late_labels_a_baseline_and_options_compute_it_again_and_say_why()
    {
        var time = new FakeTimeProvider(Monday.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        var causes = new List<string?>();
        await store.PostAsync(Rows(0, 100, Monday), Monday);
        await RunAsync();
        await store.PostBaselineAsync(Rows(500, 500, Monday.AddDays(-7)));
        await RunAsync();
        await store.PostAsync(Rows(100, 100, Monday), Monday);
        await RunAsync();
        await store.LabelAsync("some", Labels(0, 50, predictedAt: Monday.AddHours(1)));
        await RunAsync();
        await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { MinCoverage = 0.6 } }, null, Ct);
        await RunAsync();
        await store.LabelAsync("most", Labels(50, 100, isRight: false, predictedAt: Monday.AddHours(1)));
        await RunAsync();
        // It is closed now, so neither a baseline nor options change it; unless somebody asks.
        await store.PostBaselineAsync(Rows(0, 500, Monday.AddDays(-7)));
        await RunAsync();
        await store.TargetPass.RunAsync(await store.Changes.ReadAsync(Found.Target, Ct), plan => plan.AskAsync(null, null, Ct), time.GetUtcNow().AddMinutes(1), Ct);
        causes.Add((await store.ResultAsync(Monday)).Cause);
        await store.LabelAsync("corrections", Labels(50, 100, isRight: true, predictedAt: Monday.AddHours(1), version: 2));
        await RunAsync();

        Assert.Equal([null, "newBaseline", "lateData", "lateLabels", "newOptions", "lateLabels", "lateLabels", "newBaseline", "lateLabels"], causes);
        var result = await store.ResultAsync(Monday);
        Assert.Equal((8, WindowState.Closed, 200L, 150L, 2), (result.Revision, result.State, result.Predictions, result.Labelled, result.Baseline));
        Assert.Equal(1, result.Accuracy());
        var window = (await store.Results.FindWindowAsync(Found.Target, IdOf(Monday), Ct))!;
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], (await store.ResultHistory.ListAsync(Found.Target, window, 10, null, Ct)).Value.Items.Select(static entry => entry.Brief.Revision));
        Assert.Equal(1 / 3.0, (await store.ResultHistory.FindAsync(Found.Target, window, 6, Ct))!.Accuracy(), 1e-9);

        async Task RunAsync()
        {
            await store.DriftTimer.RunAsync(Ct);
            causes.Add((await store.ResultAsync(Monday)).Cause);
        }
    }

    [Fact]
    public async Task A_window_ends_and_closes_by_time_alone()
    {
        var time = new FakeTimeProvider(Monday.AddHours(12));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        await store.PostAsync(Rows(0, 100, Monday), Monday);
        var seen = new List<(int, WindowState, string?)>();
        foreach (var hours in new[] { 0, 6, 7, 24, 24 * 8, 24, 24 })
        {
            time.Advance(TimeSpan.FromHours(hours));
            await store.DriftTimer.RunAsync(Ct);
            var result = await store.ResultAsync(Monday);
            seen.Add((result.Revision, result.State, result.Cause));
        }

        Assert.Equal(
            [(1, WindowState.Open, null), (1, WindowState.Open, null), (2, WindowState.Maturing, "time"), (2, WindowState.Maturing, "time"), (2, WindowState.Maturing, "time"), (3, WindowState.Closed, "time"), (3, WindowState.Closed, "time")],
            seen);
        Assert.Empty(await store.KeysAsync('d'));
    }

    [Fact]
    public async Task Two_timers_at_once_compute_each_target_once()
    {
        var told = new ConcurrentQueue<WindowResult>();
        await using var store = await ListeningAsync(azurite.ConnectionString, told);
        await using var other = await ListeningAsync(store.Connection, told, store.Prefix);
        for (var day = 0; day < 3; day++)
        {
            await store.PostAsync(Rows(day * 100, 100, Monday.AddDays(day)), Monday.AddDays(day));
        }

        await Task.WhenAll(store.DriftTimer.RunAsync(Ct), other.DriftTimer.RunAsync(Ct), store.DriftTimer.RunAsync(Ct), other.DriftTimer.RunAsync(Ct));
        await store.DriftTimer.RunAsync(Ct);

        Assert.Equal([(Monday, 1), (Monday.AddDays(1), 1), (Monday.AddDays(2), 1)], told.Select(static one => (one.Start, one.Revision)));
        Assert.Equal(3, (await store.KeysAsync('h')).Count);
        Assert.Empty(await ImmediateAsync(store));
        Assert.Empty(await store.KeysAsync('c'));
    }

    [Fact]
    public async Task A_lease_that_a_crash_left_ends_by_its_time_and_who_lost_one_writes_nothing()
    {
        var time = new FakeTimeProvider(Monday.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.PostAsync(Rows(0, 100, Monday), Monday);
        var partition = MonitoringKeys.Partition(Found.Target);
        await using var lost = (await TargetLease.TryTakeAsync(new MonitoringTable(store.Storage), Found.Target, time, Ct))!;

        await store.DriftTimer.RunAsync(Ct);
        Assert.Empty(await store.KeysAsync('h'));
        // The clock of whoever has it stands, as in a process that was frozen.
        var row = (await store.Storage.Monitoring.GetEntityAsync<TableEntity>(partition, MonitoringKeys.Lease(Found.Target), cancellationToken: Ct)).Value;
        row["until"] = time.GetUtcNow().AddSeconds(-1);
        await store.Storage.Monitoring.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Ct);
        await store.DriftTimer.RunAsync(Ct);

        Assert.Single(await store.KeysAsync('h'));
        await Assert.ThrowsAsync<LeaseLostException>(() => lost.CommitAsync(transaction => transaction.Put(new TableEntity(partition, "x|stale")), Ct));
    }

    [Fact]
    public async Task A_run_that_has_no_time_left_goes_on_behind_the_last_target()
    {
        var time = new FakeTimeProvider(Monday.AddDays(2));
        var order = new ConcurrentQueue<string>();
        var targets = Enumerable.Range(0, 12).Select(static number => Found with { Target = MonitorTarget.Of($"m{number}"), Name = $"m{number}" }).ToList();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: collection => collection.AddSingleton<WindowEvaluated>((target, _, _) =>
        {
            order.Enqueue(target.Monitor!);
            time.Advance(TimeSpan.FromMinutes(1.5));
            return Task.CompletedTask;
        }));
        foreach (var target in targets)
        {
            Assert.True((await store.Windows.PostAsync(target, await PartAsync(store), null, Ct)).IsOk);
        }

        var counts = new List<int>();
        for (var run = 0; run < 12 && order.Distinct(StringComparer.Ordinal).Count() < 12; run++)
        {
            await store.DriftTimer.RunAsync(Ct);
            counts.Add(order.Count);
            // Whoever was first comes again, and none waits behind it for ever.
            var first = targets.Single(one => one.Name == order.First());
            Assert.True((await store.Windows.PostAsync(first, (await PartAsync(store)) with { Id = $"{run}", Digest = $"{run}" }, await store.Watching.FindRowAsync(first.Target, Ct), Ct)).IsOk);
        }

        Assert.InRange(counts[0], 3, 11);
        Assert.Equal(12, order.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_listener_that_fails_is_told_again_and_a_window_that_fails_holds_up_no_other()
    {
        var (calls, failing) = (0, true);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: collection => collection.AddSingleton<WindowEvaluated>((_, result, _) =>
        {
            Interlocked.Increment(ref calls);
            return failing && result.Start == Monday ? Task.FromException(new InvalidOperationException("down")) : Task.CompletedTask;
        }));
        await store.PostAsync(Rows(0, 100, Monday), Monday);
        await store.PostAsync(Rows(100, 100, Monday), Monday.AddDays(1));
        await store.DriftTimer.RunAsync(Ct);
        var left = await ImmediateAsync(store);
        failing = false;
        await store.DriftTimer.RunAsync(Ct);

        Assert.Single(left);
        Assert.Equal(3, calls);
        Assert.Equal((1, 1), ((await store.ResultAsync(Monday)).Revision, (await store.ResultAsync(Monday.AddDays(1))).Revision));
        Assert.Empty(await ImmediateAsync(store));
    }

    [Fact]
    public async Task What_concerns_several_windows_becomes_a_mark_of_each_and_a_closed_window_keeps_its_baseline()
    {
        var time = new FakeTimeProvider(Monday.AddDays(30));
        var isFailing = false;
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: collection => collection.AddSingleton<WindowEvaluated>((_, result, _) =>
            isFailing && result.Start == Monday ? Task.FromException(new InvalidOperationException("down")) : Task.CompletedTask));
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        await store.PostBaselineAsync(Rows(500, 200, Monday.AddDays(-7)));
        await store.PostAsync(Rows(0, 60, Monday), Monday);
        await store.PostAsync(Rows(60, 60, Monday), Monday.AddDays(1));
        await store.DriftTimer.RunAsync(Ct);
        time.Advance(TimeSpan.FromDays(20));
        await store.DriftTimer.RunAsync(Ct);
        await store.PostBaselineAsync(Rows(700, 200, Monday.AddDays(-7)));
        await store.LabelAsync("late", Labels(0, 120, predictedAt: Monday.AddHours(23)));
        isFailing = true;
        await store.DriftTimer.RunAsync(Ct);
        var left = await ImmediateAsync(store);
        isFailing = false;
        await store.DriftTimer.RunAsync(Ct);

        Assert.Equal(MonitoringKeys.ChangedWindow(Found.Target, null, Monday, IdOf(Monday)), Assert.Single(left));
        Assert.Empty(await ImmediateAsync(store));
        foreach (var day in new[] { Monday, Monday.AddDays(1) })
        {
            var result = await store.ResultAsync(day);
            Assert.Equal((60L, WindowState.Closed, 1), (result.Labelled, result.State, result.Baseline));
        }
        Assert.Equal(0, await store.Labels.CountWaitingAsync(Found.Target, Ct));
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_still_held()
    {
        var faults = new FaultPolicy(afterEffect: true, retries: 0);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);
        var partition = MonitoringKeys.Partition(Found.Target);
        await using var lease = (await TargetLease.TryTakeAsync(new MonitoringTable(store.Storage), Found.Target, TimeProvider.System, Ct))!;

        faults.Arm(1);
        await lease.CommitAsync(transaction => transaction.Add(new TableEntity(partition, "y|once")), Ct);
        await lease.CommitAsync(transaction => transaction.Add(new TableEntity(partition, "y|twice")), Ct);

        Assert.True(faults.Struck);
        Assert.Equal(2, (await store.KeysAsync('y')).Count);
    }

    // A request that is lost before it took effect, once, is sent again as it was: nobody notices.
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Nothing_is_lost_and_nothing_done_twice_whichever_request_fails(bool afterEffect, int retries)
    {
        // What fails is waited for; so several stores go at once, each with every eighth request.
        const int Stores = 8;
        await Task.WhenAll(Enumerable.Range(1, Stores).Select(async first =>
        {
            var time = new FakeTimeProvider(Monday.AddDays(3));
            var told = new ConcurrentQueue<WindowResult>();
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await ListeningAsync(azurite.ConnectionString, told, time: time);
            await using var faulty = await ListeningAsync(store.Connection, told, store.Prefix, time, faults);
            for (var n = first; await FailAsync(store, faulty, faults, n, time, told); n += Stores)
            {
                Assert.True(n < 90);
            }
        }));
    }

    private static async Task<bool> FailAsync(Instance store, Instance faulty, FaultPolicy faults, int request, FakeTimeProvider time, ConcurrentQueue<WindowResult> told)
    {
        var name = $"house {request}";
        var of = new FoundTarget(MonitorTarget.Of(name), name, "");
        told.Clear();
        await store.Watching.SetOptionsAsync(of, Labelled, null, Ct);
        await store.PostBaselineAsync(Rows(500, 100, Monday.AddDays(-7)), of);
        await store.PostAsync(Rows(0, 30, Monday), Monday, of: of);
        await store.PostAsync(Rows(30, 30, Monday), Monday.AddDays(1), of: of);
        await store.LabelAsync(of, "placed", Labels(0, 30, predictedAt: Monday));
        await store.LabelAsync(of, "anywhere", Labels(30, 30).Append(new PostedLabel("nobody", "yes", 0, null, null)));

        faults.Arm(request);
        try
        {
            await faulty.DriftTimer.RunAsync(Ct);
        }
        catch (Exception cut) when (Outage.IsAmbiguous(cut))
        {
            // As a crash would leave it.
        }
        var struck = faults.Struck;
        faults.Arm(int.MaxValue);
        time.Advance(TimeSpan.FromMinutes(5));
        await store.DriftTimer.RunAsync(Ct);
        await store.DriftTimer.RunAsync(Ct);

        foreach (var day in new[] { Monday, Monday.AddDays(1) })
        {
            var result = await store.ResultAsync(day, of);
            Assert.Equal((1, WindowState.Closed, 30L), (result.Revision, result.State, result.Labelled));
            Assert.Equal(1, result.Accuracy());
            Assert.Contains(told, one => one.Start == day);
        }
        Assert.All(told, static one => Assert.Equal(1, one.Revision));
        Assert.InRange(told.Count, 2, 3);
        Assert.Equal(2, (await store.KeysAsync('h')).Count(key => key.Contains(of.Target.Key, StringComparison.Ordinal)));
        // Labels still wait: when to let them go stands there.
        Assert.EndsWith("|e", Assert.Single(await store.KeysAsync('d'), key => key.Contains(of.Target.Key, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(1, await store.Labels.CountWaitingAsync(of.Target, Ct));
        return struck;
    }

    private static async Task<List<string>> ImmediateAsync(Instance store) => [.. (await store.KeysAsync('d')).Where(static key => key.StartsWith("d|00000000000000|", StringComparison.Ordinal))];

    private static async Task<NewPart> PartAsync(Instance store)
    {
        var read = await ServerlessMeta.Monitoring.Profiles.RowIngest.ReadAsync(BinaryData.FromString(Rows(0, 40, Monday)).ToStream(), "text/csv", new ServerlessMeta.Monitoring.Profiles.RowIngestOptions(), Ct);
        _ = store;
        return new NewPart { Window = "day", Start = Monday, End = Monday.AddDays(1), Id = "a", Digest = "a", Rows = 40, Baseline = 0, Profile = ServerlessMeta.Monitoring.Profiles.ProfileCodec.Write(read.Value.Profile) };
    }
}
