using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests.Monitoring;

/// <summary>Labels find their predictions, however late and in whatever order they come.</summary>
public sealed class LabelTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_in_any_order_and_number_end_in_the_same_metrics()
    {
        var batches = new (string Id, PostedLabel[] Labels)[]
        {
            ("a", [.. Labels(0, 40).Select(static label => label with { LabelledAt = Monday.AddDays(2) })]),
            ("b", [.. Labels(20, 40, isRight: false).Select(static label => label with { LabelledAt = Monday.AddDays(3) })]),
            ("c", [.. Labels(30, 5, isRight: false, version: 1).Select(static label => label with { LabelledAt = Monday.AddDays(5) })]),
            ("d", [.. Labels(30, 2, version: 2, predictedAt: Monday).Select(static label => label with { LabelledAt = Monday.AddDays(4) })]),
        };
        var accuracies = new List<double>();
        foreach (var order in new int[][] { [0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 2, 3, 1, 0, 0], [1, 3, 0, 2] })
        {
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
            await store.PostAsync(Rows(0, 60, Monday), Monday);
            foreach (var number in order)
            {
                await store.LabelAsync(batches[number].Id, batches[number].Labels);
                await store.DriftTimer.RunAsync(Ct);
            }
            accuracies.Add((await store.ResultAsync(Monday)).Accuracy());
        }

        // 40 right, of which three are corrected to wrong; 20 wrong.
        Assert.All(accuracies, static accuracy => Assert.Equal(37 / 60.0, accuracy, 1e-12));
    }

    [Fact]
    public async Task A_batch_is_known_when_it_is_posted_again_and_refused_when_it_has_other_labels()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        var first = await store.Labels.PostAsync(Found, "a", [.. Labels(0, 3)], Ct);
        var again = await store.Labels.PostAsync(Found, "a", [.. Labels(0, 3)], Ct);
        var other = await store.Labels.PostAsync(Found, "a", [.. Labels(0, 4)], Ct);
        var unnamed = await store.Labels.PostAsync(Found, null, [.. Labels(0, 3)], Ct);

        Assert.True(first.Value.IsNew);
        Assert.False(again.Value.IsNew);
        Assert.Equal(first.Value.Batch, again.Value.Batch);
        Assert.IsType<Failure.Clash>(other.Failure);
        Assert.Equal(first.Value.Batch.Digest, unnamed.Value.Batch.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Labels_wait_for_their_predictions_and_are_let_go_after_their_time(bool isPlaced)
    {
        var time = new FakeTimeProvider(Monday.AddDays(2));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        await store.LabelAsync("early", Labels(0, 100, predictedAt: isPlaced ? Monday : null));
        await store.DriftTimer.RunAsync(Ct);
        var before = await store.Labels.CountWaitingAsync(Found.Target, Ct);
        await store.PostAsync(Rows(0, 60, Monday), Monday, "a");
        await store.DriftTimer.RunAsync(Ct);
        var half = (await store.ResultAsync(Monday), await store.Labels.CountWaitingAsync(Found.Target, Ct));
        await store.PostAsync(Rows(60, 30, Monday), Monday, "b");
        await store.DriftTimer.RunAsync(Ct);
        var more = (await store.ResultAsync(Monday), await store.Labels.CountWaitingAsync(Found.Target, Ct));
        // What found its prediction stays found when the window is computed again, also when the batch waits no more.
        time.Advance(TimeSpan.FromDays(12));
        await store.PostAsync(Rows(90, 5, Monday), Monday, "c");
        await store.DriftTimer.RunAsync(Ct);
        await store.PostAsync(Rows(200, 5, Monday), Monday, "d");
        await store.DriftTimer.RunAsync(Ct);
        var last = (await store.ResultAsync(Monday), await store.Labels.CountWaitingAsync(Found.Target, Ct));

        Assert.Equal(100, before);
        Assert.Equal((60L, 40L), (half.Item1.Labelled, half.Item2));
        Assert.Equal((90L, 10L), (more.Item1.Labelled, more.Item2));
        Assert.Equal((95L, 0L), (last.Item1.Labelled, last.Item2));
    }

    [Fact]
    public async Task Labels_that_wait_are_let_go_in_time_also_where_nothing_else_happens()
    {
        var time = new FakeTimeProvider(Monday.AddHours(9));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        await store.LabelAsync("early", Labels(0, 10));
        time.Advance(TimeSpan.FromDays(3));
        await store.LabelAsync("later", Labels(10, 10, predictedAt: Monday));
        var seen = new List<long>();
        foreach (var days in new[] { 0, 8, 1, 2, 1 })
        {
            time.Advance(TimeSpan.FromDays(days));
            await store.DriftTimer.RunAsync(Ct);
            seen.Add(await store.Labels.CountWaitingAsync(Found.Target, Ct));
        }

        // They came on Monday and on Thursday, and wait ten days, and up to two more.
        Assert.Equal([20, 20, 10, 10, 0], seen);
        Assert.Empty(await store.KeysAsync('d'));
        Assert.Equal(16, await Instance.CountAsync(() => store.DriftTimer.RunAsync(Ct)));
    }

    [Fact]
    public async Task Labels_that_are_to_wait_longer_or_less_long_do()
    {
        var time = new FakeTimeProvider(Monday);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        await store.LabelAsync("a", Labels(0, 10));
        await SetLagAsync(20);
        await RunAsync(13);
        Assert.Equal(10, await store.Labels.CountWaitingAsync(Found.Target, Ct));
        await RunAsync(9);
        Assert.Equal(0, await store.Labels.CountWaitingAsync(Found.Target, Ct));
        await store.LabelAsync("b", Labels(0, 10));
        await SetLagAsync(5);
        await RunAsync(0);
        Assert.Equal(10, await store.Labels.CountWaitingAsync(Found.Target, Ct));
        await RunAsync(7);
        Assert.Equal(0, await store.Labels.CountWaitingAsync(Found.Target, Ct));

        async Task RunAsync(int days)
        {
            time.Advance(TimeSpan.FromDays(days));
            await store.DriftTimer.RunAsync(Ct);
        }

        async Task SetLagAsync(int days)
        {
            Assert.True((await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { MaxLabelLag = TimeSpan.FromDays(days) } }, null, Ct)).IsOk);
            await RunAsync(0);
        }
    }

    [Fact]
    public async Task A_label_without_the_time_of_its_prediction_is_found_in_each_window_that_has_it()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Watching.SetOptionsAsync(Found, Labelled, null, Ct);
        // Two windows that overlap, and one that is far.
        await store.PostAsync(Rows(0, 60, Monday), Monday);
        await store.PostAsync(Rows(30, 60, Monday.AddHours(12)), Monday.AddHours(12));
        await store.PostAsync(Rows(500, 60, Monday.AddDays(20)), Monday.AddDays(20));
        await store.DriftTimer.RunAsync(Ct);
        await store.LabelAsync("a", Labels(0, 60));
        await store.DriftTimer.RunAsync(Ct);

        Assert.Equal((60L, 30L, 0L), ((await store.ResultAsync(Monday)).Labelled, (await store.ResultAsync(Monday.AddHours(12))).Labelled, (await store.ResultAsync(Monday.AddDays(20))).Labelled));
        Assert.Equal((2, 2, 1), ((await store.ResultAsync(Monday)).Revision, (await store.ResultAsync(Monday.AddHours(12))).Revision, (await store.ResultAsync(Monday.AddDays(20))).Revision));
        Assert.Equal(0, await store.Labels.CountWaitingAsync(Found.Target, Ct));
        Assert.Equal(90, await store.Results.CountLabelledSince(Found.Target, Monday, Ct));
        Assert.Equal(30, await store.Results.CountLabelledSince(Found.Target, Monday.AddHours(1), Ct));
    }

    [Fact]
    public async Task Labels_of_more_than_sixty_days_are_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        var sixty = await store.Labels.PostAsync(Found, "a", [.. Enumerable.Range(0, 60).Select(static day => new PostedLabel($"p{day}", "yes", 0, Monday.AddDays(day), null))], Ct);
        var more = await store.Labels.PostAsync(Found, "b", [.. Enumerable.Range(0, 61).Select(static day => new PostedLabel($"p{day}", "yes", 0, Monday.AddDays(day), null))], Ct);

        Assert.True(sixty.IsOk);
        Assert.IsType<Failure.Invalid>(more.Failure);
    }

    [Fact]
    public void Labels_read_back_as_they_were_written()
    {
        PostedLabel[] labels =
        [
            new("a", "yes", 0, null, null), new("ü/#?", "1.5", 7, Monday, Monday.AddDays(1)), new("", "", long.MaxValue / 4, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMilliseconds(-1)),
        ];

        var (packed, digest) = LabelCodec.Write([.. labels]);

        Assert.Equal(labels, LabelCodec.Read(packed));
        Assert.Equal(digest, LabelCodec.Write([.. labels]).Digest);
        Assert.NotEqual(digest, LabelCodec.Write([.. labels.Reverse()]).Digest);
    }
}
