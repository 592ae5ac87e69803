using ServerlessMeta.Monitoring;
using static ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests.Monitoring;

/// <summary>Windows are compared with those before them, where the options ask for it.</summary>
public sealed class EarlierWindowTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_window_is_compared_with_those_before_it_where_options_ask_for_that()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { CompareWith = ["previous", "rolling(3)"] } }, null, Ct);
        await store.PostBaselineAsync(Rows(5000, 300, Monday.AddDays(-7)));
        for (var day = 0; day < 4; day++)
        {
            await store.PostAsync(Rows(day * 300, 300, Monday.AddDays(day), day == 2 ? 0.5 : 0), Monday.AddDays(day));
        }
        await store.DriftTimer.RunAsync(Ct);

        var seen = new List<(int, string, int, Verdict?)>();
        for (var day = 0; day < 4; day++)
        {
            var result = await store.ResultAsync(Monday.AddDays(day));
            seen.AddRange(result.Comparisons.Select(one => (day, one.Reference, one.Windows.Length, one.Columns.SingleOrDefault(static column => column.Column == "x")?.Verdict)));
            Assert.Equal(day == 2 ? Verdict.Drift : Verdict.NoDrift, result.Columns.Single(static column => column.Column == "x").Verdict);
        }
        Assert.Equal(
            [
                (0, "previous", 0, null), (0, "rolling(3)", 0, null),
                (1, "previous", 1, Verdict.NoDrift), (1, "rolling(3)", 1, Verdict.NoDrift),
                (2, "previous", 1, Verdict.Drift), (2, "rolling(3)", 2, Verdict.Drift),
                (3, "previous", 1, Verdict.Drift), (3, "rolling(3)", 3, Verdict.Drift),
            ], seen);
        Assert.Equal([IdOf(Monday), IdOf(Monday.AddDays(1)), IdOf(Monday.AddDays(2))], (await store.ResultAsync(Monday.AddDays(3))).Comparisons[1].Windows);
    }

    [Fact]
    public async Task Comparing_costs_what_it_reads()
    {
        var costs = new List<long>();
        foreach (var references in new string[][] { [], ["previous"], ["previous", "rolling(2)"] })
        {
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { CompareWith = [.. references] } }, null, Ct);
            for (var day = 0; day < 3; day++)
            {
                await store.PostAsync(Rows(day * 100, 100, Monday.AddDays(day)), Monday.AddDays(day));
                costs.Add(await Instance.CountAsync(() => store.DriftTimer.RunAsync(Ct)));
            }
        }

        // To find them; to list the parts of each, and read them.
        Assert.Equal([1, 3, 3], costs[3..6].Zip(costs, static (with, without) => with - without));
        Assert.Equal([1, 3, 5], costs[6..9].Zip(costs, static (with, without) => with - without));
    }

    [Fact]
    public async Task Only_windows_that_ended_before_are_a_reference()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.Watching.SetOptionsAsync(Found, Labelled with { Analysis = Labelled.Analysis with { CompareWith = ["rolling(2)"] } }, null, Ct);
        await store.PostAsync(Rows(0, 100, Monday), Monday);
        await store.PostAsync(Rows(100, 100, Monday.AddHours(12)), Monday.AddHours(12));
        await store.PostAsync(Rows(200, 100, Monday.AddDays(1)), Monday.AddDays(1));
        await store.DriftTimer.RunAsync(Ct);
        // Computed anew, the window is still one.
        await store.PostAsync(Rows(300, 100, Monday), Monday, "late");
        await store.DriftTimer.RunAsync(Ct);
        await store.PostAsync(Rows(400, 100, Monday.AddDays(2)), Monday.AddDays(2));
        await store.DriftTimer.RunAsync(Ct);

        Assert.Empty((await store.ResultAsync(Monday.AddHours(12))).Comparisons[0].Windows);
        Assert.Equal([IdOf(Monday)], (await store.ResultAsync(Monday.AddDays(1))).Comparisons[0].Windows);
        Assert.Equal([IdOf(Monday.AddHours(12)), IdOf(Monday.AddDays(1))], (await store.ResultAsync(Monday.AddDays(2))).Comparisons[0].Windows);
    }
}
