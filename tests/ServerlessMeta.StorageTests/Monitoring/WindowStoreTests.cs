using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Audit;
using static ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests.Monitoring;

/// <summary>Windows and their parts, as they come.</summary>
public sealed class WindowStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_is_known_when_it_is_posted_again_and_refused_when_it_has_other_content()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var rows = Rows(0, 50, Monday);

        var first = await store.PostAsync(rows, Monday, "a");
        var again = await store.PostAsync(rows, Monday, "a");
        var unnamed = await store.PostAsync(rows, Monday);
        var other = await store.Windows.PostAsync(Found, Part("a", "other", Monday) with { Window = IdOf(Monday) }, null, Ct);

        Assert.True(first.IsNew);
        Assert.False(again.IsNew);
        Assert.Equal(first.Part, again.Part);
        Assert.Equal(unnamed.Part.Digest, unnamed.Part.Id);
        Assert.IsType<Failure.Clash>(other.Failure);
        Assert.Equal(2, (await store.Windows.PartsAsync(Found.Target, IdOf(Monday), Ct)).Count);
    }

    [Fact]
    public async Task A_window_has_one_start_and_one_end()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        Assert.True((await store.Windows.PostAsync(Found, Part("a", "1", Monday) with { Window = "week" }, null, Ct)).IsOk);

        var later = await store.Windows.PostAsync(Found, Part("b", "2", Monday.AddDays(1)) with { Window = "week" }, null, Ct);

        Assert.IsType<Failure.Clash>(later.Failure);
        Assert.Single((await store.Windows.ListAsync(Found.Target, null, null, 10, null, Ct)).Value.Items);
    }

    [Fact]
    public async Task Writers_at_once_make_one_target_one_window_and_all_parts()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        var posted = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => (number % 2 == 0 ? store : other).Windows.PostAsync(Found, Part($"{number / 2}", $"{number / 2}", Monday), null, Ct)));

        Assert.All(posted, static one => Assert.True(one.IsOk, one.Failure?.Detail));
        Assert.Equal(8, posted.Count(static one => one.Value.IsNew));
        Assert.Equal(8, (await store.Windows.PartsAsync(Found.Target, "day", Ct)).Count);
        Assert.Single((await store.Windows.ListAsync(Found.Target, null, null, 10, null, Ct)).Value.Items);
        Assert.Equal("house", Assert.Single((await store.Monitors.ListAsync(10, null, Ct)).Value.Items).Name);
        Assert.Equal(["monitoring.begin"], (await store.EntriesAsync($"monitoring:{Found.Target.Key}")).Select(static entry => entry.Action));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_message_is_applied_once_also_when_its_part_is_known()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (first, second) = (new Receipt("source", "1", Monday), new Receipt("source", "2", Monday));
        await PostAsync(first, "a", "1");

        var repeated = new Receipt("source", "1", Monday);
        await PostAsync(repeated, "a", "1");
        await PostAsync(second, "a", "1");
        var again = new Receipt("source", "2", Monday);
        await PostAsync(again, "b", "2");

        Assert.False(first.IsKnown);
        Assert.True(repeated.IsKnown);
        Assert.False(second.IsKnown);
        Assert.True(again.IsKnown);
        Assert.Equal("a", Assert.Single(await store.Windows.PartsAsync(Found.Target, "day", Ct)).Id);

        async Task PostAsync(Receipt receipt, string part, string digest)
        {
            using (receipt.Begin())
            {
                Assert.True((await store.Windows.PostAsync(Found, Part(part, digest, Monday), null, Ct)).IsOk);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_post_may_be_repeated_whichever_request_failed(bool afterEffect)
    {
        for (var n = 1; ; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: faults);
            faults.Arm(n);
            try
            {
                await store.PostAsync(Rows(0, 50, Monday), Monday, "a");
                await store.LabelAsync("b", Labels(0, 3));
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // As a caller sees an outage.
            }
            var struck = faults.Struck;
            faults.Arm(int.MaxValue);
            await store.PostAsync(Rows(0, 50, Monday), Monday, "a");
            await store.LabelAsync("b", Labels(0, 3));

            Assert.Single(await store.Windows.PartsAsync(Found.Target, IdOf(Monday), Ct));
            Assert.Equal(3, await store.Labels.CountWaitingAsync(Found.Target, Ct));
            // The window, the labels, and when these have waited long enough.
            Assert.Equal(3, (await store.KeysAsync('d')).Count);
            await store.AssertSoundAsync();
            if (!struck)
            {
                Assert.InRange(n, 6, 20);
                return;
            }
        }
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_whole_once_in_order()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var day = 0; day < 7; day++)
        {
            Assert.True((await store.Windows.PostAsync(Found, Part("a", "1", Monday.AddDays(day * 3 % 7)) with { Window = $"{day * 3 % 7}" }, null, Ct)).IsOk);
            Assert.True((await store.Windows.PostAsync(Found with { Target = MonitorTarget.Of($"m{day}"), Name = $"m{day}" }, Part("a", "1", Monday), null, Ct)).IsOk);
        }
        for (var size = 1; size <= 8; size++)
        {
            var (windows, monitors) = (new List<string>(), new List<string>());
            for (string? token = null; ;)
            {
                var page = (await store.Windows.ListAsync(Found.Target, Monday.AddDays(1), Monday.AddDays(6), size, token, Ct)).Value;
                windows.AddRange(page.Items.Select(static window => window.Id));
                if ((token = page.Next) is null)
                {
                    break;
                }
            }
            for (string? token = null; ;)
            {
                var page = (await store.Monitors.ListAsync(size, token, Ct)).Value;
                monitors.AddRange(page.Items.Select(static monitor => monitor.Name));
                if ((token = page.Next) is null)
                {
                    break;
                }
            }
            Assert.Equal(["1", "2", "3", "4", "5"], windows);
            Assert.Equal(["house", "m0", "m1", "m2", "m3", "m4", "m5", "m6"], monitors);
        }
        Assert.IsType<Failure.Invalid>((await store.Windows.ListAsync(Found.Target, null, null, 1, PageToken.Write("elsewhere", "w"), Ct)).Failure);
    }

    [Fact]
    public async Task Every_change_of_options_and_baselines_is_audited_and_writers_at_once_lose_none()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        await store.PostBaselineAsync(Rows(0, 50, Monday));
        await store.PostBaselineAsync(Rows(0, 50, Monday));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => (number % 2 == 0 ? store : other).Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { MinCount = 31 + number } }, null, Ct)));
        await other.PostBaselineAsync(Rows(0, 60, Monday));
        var conflict = await store.Watching.SetOptionsAsync(Found, WatchOptions.Default, 3, Ct);
        await store.PostAsync(Rows(0, 50, Monday), Monday, length: TimeSpan.FromDays(2));

        var watched = (await store.Watching.FindAsync(Found.Target, Ct))!;
        Assert.IsType<Failure.Conflict>(conflict.Failure);
        Assert.Equal((8L, 2, TimeSpan.FromDays(2)), (watched.Revision, watched.Baseline!.Number, watched.Longest));
        var actions = (await store.EntriesAsync($"monitoring:{Found.Target.Key}")).Select(static entry => entry.Action).ToList();
        Assert.Equal(8, actions.Count);
        Assert.Equal("monitoring.baseline", actions[0]);
        Assert.Equal("monitoring.baseline", actions[^1]);
        Assert.Equal([2, 1], (await store.Watching.ListBaselinesAsync(Found.Target, 10, null, Ct)).Value.Items.Select(static baseline => baseline.Number));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task The_same_baseline_is_known_until_it_is_read_by_another_schema()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Monday);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        var rows = Rows(0, 50, Monday);
        var numbers = new List<int>();
        foreach (var schema in new[] { PredictionSchema.None, Labelled.Analysis.Schema, Labelled.Analysis.Schema with { Time = null } })
        {
            await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { Schema = schema } }, null, Ct);
            for (var repetition = 0; repetition < 2; repetition++)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                await store.PostBaselineAsync(rows);
                numbers.Add((await store.Watching.FindAsync(Found.Target, Ct))!.Baseline!.Number);
            }
        }

        Assert.Equal([1, 1, 2, 2, 3, 3], numbers);
    }

    [Fact]
    public async Task A_window_takes_no_more_than_is_computed_together_but_what_it_has_is_known()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var large = Part("a", "1", Monday) with { Predictions = WindowStore.MostPredictions };
        Assert.True((await store.Windows.PostAsync(Found, large, null, Ct)).IsOk);

        var more = await store.Windows.PostAsync(Found, Part("b", "2", Monday) with { Predictions = 1 }, null, Ct);
        var again = await store.Windows.PostAsync(Found, large, null, Ct);

        Assert.IsType<Failure.Invalid>(more.Failure);
        Assert.False(again.Value.IsNew);
    }

    private static NewPart Part(string id, string digest, DateTimeOffset start) => new()
    {
        Window = "day",
        Start = start,
        End = start.AddDays(1),
        Id = id,
        Digest = digest,
        Rows = 0,
        Baseline = 0,
        Profile = [1],
    };
}
