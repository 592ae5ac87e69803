using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Search;

public sealed class PageTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_any_size_and_order_are_the_whole_once_and_in_order_while_runs_are_added()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        ExperimentId[] within = [default, await store.CreateExperimentAsync("second")];
        var runs = new HashSet<RunId>([.. await store.CreateRunsAsync(within[0], 40, Tags), .. await store.CreateRunsAsync(within[1], 25, Tags)]);

        await Gen.Select(Gen.Int[3, 40], Gen.OneOf(null, "tags.k", "tags.k DESC", "metrics.m DESC", "start_time", "run_id DESC")).SampleAsync(async (size, order) =>
        {
            await other.Upkeep.RunAsync(Ct);
            var expected = (await store.PageAsync(within, null, order, 10_000, null)).Value.Items.Select(static run => run.Info.Id).Where(runs.Contains).ToList();
            var paged = new List<RunId>();
            string? token = null;
            do
            {
                var page = (await store.PageAsync(within, null, order, size, token)).Value;
                Assert.True(page.Items.Length == size || page.Next is null);
                paged.AddRange(page.Items.Select(static run => run.Info.Id));
                token = page.Next;
                await other.CreateRunAsync(within[paged.Count % 2]);
            }
            while (token is not null);
            Assert.Equal(paged.Distinct(), paged);
            Assert.Equal(expected, paged.Where(runs.Contains));
        }, iter: 12, threads: 1);

        static ImmutableArray<Tag> Tags(int i) => i % 4 == 0 ? [] : [new Tag("k", string.Create(CultureInfo.InvariantCulture, $"v{i % 3}"))];
    }

    [Fact]
    public async Task A_page_is_in_the_order_of_what_it_shows_while_runs_change()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var writer = await store.AnotherAsync();
        ExperimentId[] within = [default, await store.CreateExperimentAsync("second"), await store.CreateExperimentAsync("third")];
        RunId[] runs = [.. (await Task.WhenAll(within.Select(experiment => store.CreateRunsAsync(experiment, 20)))).SelectMany(static ids => ids)];
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = Task.Run(async () =>
        {
            var random = new Random(1);
            for (var step = 1; !done.IsCancellationRequested; step++)
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => writer.Runs.LogAsync(runs[random.Next(runs.Length)], Logs.Point("m", random.Next(1000), step), Ct)));
            }
        }, Ct);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var search = 0; search < 25; search++)
            {
                var page = (await store.PageAsync(within, null, "metrics.m DESC", 25, null)).Value.Items;
                var shown = page.Select(static run => run.Metrics.IsEmpty ? -1 : run.Metrics[0].Value).ToList();
                Assert.Equal(shown.OrderDescending(), shown);
            }
        }));

        await done.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_filter_pages_over_its_matches_and_a_full_last_page_has_no_token()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 30, static i => [new Tag("odd", i % 2 == 1 ? "yes" : "no")]);

        var first = (await store.PageAsync([default], "tags.odd = 'yes'", "start_time", 10, null)).Value;
        var last = (await store.PageAsync([default], "tags.odd = 'yes'", "start_time", 5, (await store.PageAsync([default], "tags.odd = 'yes'", "start_time", 10, null)).Value.Next)).Value;

        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"run {(2 * i) + 1}"), first.Items.Select(static run => run.Info.Name));
        Assert.Equal(Enumerable.Range(10, 5).Select(static i => $"run {(2 * i) + 1}"), last.Items.Select(static run => run.Info.Name));
        Assert.Null(last.Next);
    }

    [Fact]
    public async Task A_page_token_of_another_query_or_of_nobody_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 3);
        var second = await store.CreateExperimentAsync("second");
        var token = (await store.PageAsync([default], "run_name LIKE 'run%'", "start_time", 1, null)).Value.Next!;
        var query = $"runs\n0\n{StageFilter.Active}\n";

        Assert.True((await store.PageAsync([default], "run_name LIKE  'run%' and", "attributes.start_time", 1, token)).Failure is Failure.Invalid);
        Assert.True((await store.PageAsync([default], "run_name  LIKE 'run%' and", "start_time ASC", 1, token)).IsOk);
        Refused(await store.PageAsync([default], "run_name LIKE 'ru%'", "start_time", 1, token));
        Refused(await store.PageAsync([default], "run_name LIKE 'run%'", "start_time DESC", 1, token));
        Refused(await store.PageAsync([default], "run_name LIKE 'run%'", null, 1, token));
        Refused(await store.PageAsync([default, second], "run_name LIKE 'run%'", "start_time", 1, token));
        Refused(await store.PageAsync([second], "run_name LIKE 'run%'", "start_time", 1, token));
        Refused(await store.PageAsync([default], "run_name LIKE 'run%'", "start_time", 1, token, StageFilter.All));
        foreach (var garbage in (string[])["x", "!!!", "null", token[1..], token + token, token[..^2], PageToken.Write(query, "0"), new string('A', 10_000)])
        {
            Refused(await store.PageAsync([default], "run_name LIKE 'run%'", "start_time", 1, garbage));
        }
    }

    [Fact]
    public async Task A_page_token_that_names_no_run_is_refused()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 2);
        var real = (await store.PageAsync([default], null, null, 1, null)).Value;
        var text = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(real.Next));
        var mark = text[..^32];

        foreach (var after in (string[])["", "x", new string('f', 32), "0' or 1 eq 1", text[^32..] + "0"])
        {
            Refused(await store.PageAsync([default], null, null, 1, System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(mark + after))));
        }
    }

    [Fact]
    public async Task A_page_continues_behind_its_last_run_even_when_that_run_is_gone_from_the_answer()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.CreateRunsAsync(default, 6);
        var first = (await store.PageAsync([default], null, "start_time", 2, null)).Value;

        await store.Runs.DeleteAsync(first.Items[1].Info.Id, Ct);
        var second = (await store.PageAsync([default], null, "start_time", 2, first.Next)).Value;

        Assert.Equal(["run 2", "run 3"], second.Items.Select(static run => run.Info.Name));
    }

    private static void Refused(Result<Paged<Run>> answer) => Assert.Equal("page_token", Assert.IsType<Failure.Invalid>(answer.Failure).Field);
}
