using System.Collections.Immutable;
using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Audit;
using ServerlessMeta.Views;

namespace ServerlessMeta.StorageTests.Views;

/// <summary>Views, the row that guards them and their audit are one: whoever writes beside, and whichever request fails.</summary>
public sealed class ViewStoreTests(AzuriteFixture azurite)
{
    private static readonly ExperimentId Seven = new(7);
    private static readonly Caller Ada = new("ada", Role.Writer, "local");
    private static readonly Caller Grace = new("grace", Role.Writer, "local");
    private static readonly Caller Root = new("root", Role.Admin, "local");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_saved_is_what_is_read_and_costs_an_operation_to_list_and_two_to_write()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        using var scope = Ada.Act();
        var query = new ViewQuery
        {
            Filter = "metrics.acc > 0.5 AND params.`a|b/c` = 'd\\#?'", Order = "metrics.acc DESC", Columns = "metrics.acc, params.lr", Group = "params.lr", View = "charts", Stage = "deleted", More = "metrics.acc", Less = "metrics.loss",
            Runs = "a,b", Metric = "acc", X = "time", Top = "5", Band = "lr", Smooth = "0.6", Log = "on",
        };
        var content = new ViewContent("Best <b>models</b> / \"2030\" é😀", "What | we # show?", query, true);

        Assert.Equal(2, await Instance.CountAsync(() => PutAsync(store, "best", content)));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await Instance.CountAsync(() => PutAsync(store, "best", content with { Description = null, Query = new ViewQuery() })));
        clock.Advance(TimeSpan.FromMinutes(1));
        var saved = await PutAsync(store, "best", content);

        Assert.Equal((content, "ada", clock.GetUtcNow().AddMinutes(-2), clock.GetUtcNow(), 3L), (saved.Content, saved.Owner, saved.CreatedAt, saved.UpdatedAt, saved.Revision));
        await using var other = await store.AnotherAsync();
        Assert.Equal([saved], await other.Views.ListAsync(Seven, false, Ct));
        Assert.Equal(saved, await other.Views.FindAsync(Seven, Id("best"), Ct));
        Assert.Equal(1, await Instance.CountAsync(() => other.Views.ListAsync(Seven, false, Ct)));
        Assert.Equal(1, await Instance.CountAsync(() => other.Views.FindAsync(Seven, Id("best"), Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => other.Views.DeleteAsync(Seven, Id("best"), 3, Ct)));
        Assert.Empty(await store.Views.ListAsync(Seven, true, Ct));
    }

    [Fact]
    public async Task The_same_again_is_no_change_and_a_view_made_again_has_another_revision()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var first = await PutAsync(store, "a", Named("one"), expected: 0);

        Assert.Equal(first, await PutAsync(store, "a", Named("one"), expected: 0));
        Assert.Equal(first, await PutAsync(store, "a", Named("one"), expected: 77));
        Assert.Equal(1, await Instance.CountAsync(() => PutAsync(store, "a", Named("one"))));
        Assert.Equal(["view.create"], (await ChainAsync(store)).Select(static entry => entry.Action));

        Assert.True((await store.Views.DeleteAsync(Seven, Id("a"), first.Revision, Ct)).IsOk);
        Assert.IsType<Failure.NotFound>((await store.Views.DeleteAsync(Seven, Id("a"), null, Ct)).Failure);
        var again = await PutAsync(store, "a", Named("two"));
        Assert.NotEqual(first.Revision, again.Revision);
        Assert.IsType<Failure.Conflict>((await store.Views.PutAsync(Seven, Id("a"), Named("three"), first.Revision, Ct)).Failure);
        Assert.IsType<Failure.Conflict>((await store.Views.DeleteAsync(Seven, Id("a"), first.Revision, Ct)).Failure);
    }

    [Fact]
    public async Task Of_two_writers_who_saw_the_same_one_wins()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var seen = await PutAsync(store, "a", Named("seen"));

        var writes = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => (number % 2 == 0 ? store : other).Views.PutAsync(Seven, Id("a"), Named($"writer {number}"), seen.Revision, Ct)));

        var won = Assert.Single(writes, static write => write.IsOk).Value.View;
        Assert.All(writes.Where(static write => !write.IsOk), static write => Assert.IsType<Failure.Conflict>(write.Failure));
        Assert.Equal(won, await store.Views.FindAsync(Seven, Id("a"), Ct));
        Assert.Equal(2, (await ChainAsync(store)).Length);
    }

    [Fact]
    public async Task Writers_of_different_views_all_win()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => PutAsync(number % 2 == 0 ? store : other, $"v{number}", Named($"{number:d2}"), expected: 0)));

        Assert.Equal(Enumerable.Range(0, 12).Select(static number => $"{number:d2}"), (await store.Views.ListAsync(Seven, false, Ct)).Select(static view => view.Content.Name));
        Assert.Equal(12, (await ChainAsync(store)).Length);
        Assert.Empty(await store.Views.ListAsync(new ExperimentId(70), true, Ct));
    }

    [Fact]
    public async Task Own_views_are_their_owners_and_shared_ones_everybodys_to_see()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using (Ada.Act())
        {
            await PutAsync(store, "own", Named("mine"));
            await PutAsync(store, "shared", Named("ours", isShared: true));
            Assert.Equal(["mine", "ours"], await NamesAsync(store));
        }
        using (Grace.Act())
        {
            Assert.Equal(["ours"], await NamesAsync(store));
            Assert.Null(await store.Views.FindAsync(Seven, Id("own"), Ct));
            Assert.IsType<Failure.Forbidden>((await store.Views.PutAsync(Seven, Id("own"), Named("hers"), null, Ct)).Failure);
            Assert.IsType<Failure.Forbidden>((await store.Views.PutAsync(Seven, Id("shared"), Named("ours", isShared: true), null, Ct)).Failure);
            Assert.IsType<Failure.NotFound>((await store.Views.DeleteAsync(Seven, Id("own"), null, Ct)).Failure);
            Assert.IsType<Failure.Forbidden>((await store.Views.DeleteAsync(Seven, Id("shared"), null, Ct)).Failure);
        }
        using (Root.Act())
        {
            Assert.Equal(["ours"], await NamesAsync(store));
            Assert.Equal(2, (await store.Views.ListAsync(Seven, true, Ct)).Length);
            Assert.NotNull(await store.Views.FindAsync(Seven, Id("own"), Ct));
            var changed = await PutAsync(store, "shared", Named("renamed", isShared: true));
            Assert.Equal(("ada", "root"), (changed.Owner, changed.UpdatedBy));
            Assert.True((await store.Views.DeleteAsync(Seven, Id("own"), null, Ct)).IsOk);
        }
        Assert.Equal([("ada", null), ("ada", "ours"), ("root", "renamed"), ("root", null)], (await ChainAsync(store)).Select(static entry => (entry.By, entry.Name)));
    }

    [Fact]
    public async Task Everybody_has_so_many_views_of_an_experiment_and_it_has_so_many_of_all()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        // As many as there may be, but one, put where they lie: to save each would take long.
        for (var person = 0; person < 5; person++)
        {
            foreach (var some in Enumerable.Range(0, person == 4 ? ViewStore.MostOwned - 1 : ViewStore.MostOwned).Select(number => RowOf($"p{person}-{number}", $"p{person}")).Chunk(100))
            {
                await store.Storage.Experiments.SubmitTransactionAsync(some.Select(static row => new TableTransactionAction(TableTransactionActionType.Add, row)), Ct);
            }
        }

        using (new Caller("p0", Role.Writer, "local").Act())
        {
            Assert.Contains("everybody has up to 100", Assert.IsType<Failure.Clash>((await store.Views.PutAsync(Seven, Id("one-more"), Named("n"), null, Ct)).Failure).Detail, StringComparison.Ordinal);
            Assert.True((await store.Views.PutAsync(Seven, Id("p0-1"), Named("another name"), null, Ct)).IsOk);
        }
        using (Ada.Act())
        {
            Assert.True((await store.Views.PutAsync(Seven, Id("last"), Named("n"), null, Ct)).IsOk);
            Assert.Contains("up to 500 views", Assert.IsType<Failure.Clash>((await store.Views.PutAsync(Seven, Id("beyond"), Named("n"), null, Ct)).Failure).Detail, StringComparison.Ordinal);
        }
        Assert.Equal(1, await Instance.CountAsync(() => store.Views.ListAsync(Seven, true, Ct)));

        static TableEntity RowOf(string id, string owner) => ViewRow.From(new SavedView
        {
            Experiment = Seven, Id = Id(id), Content = Named(id), Owner = owner, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, UpdatedBy = owner, Revision = 1,
        });
    }

    [Fact]
    public async Task A_view_that_newer_code_wrote_takes_no_other_away()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await PutAsync(store, "a", Named("one"));
        await PutAsync(store, "newer", Named("two"));
        var row = await store.Storage.Experiments.RowAsync(ViewKeys.Partition, ViewKeys.View(Seven, Id("newer")));
        row["v"] = 2;
        await store.Storage.Experiments.PutAsync(row);

        Assert.Equal(["one"], await NamesAsync(store));
        await PutAsync(store, "b", Named("three"));
        await PutAsync(store, "a", Named("four"));
        Assert.True((await store.Views.DeleteAsync(Seven, Id("b"), null, Ct)).IsOk);
        Assert.Equal(["four"], await NamesAsync(store));
        // Itself it is not to be overwritten by code that does not know what it holds.
        await Assert.ThrowsAsync<InvalidDataException>(() => PutAsync(store, "newer", Named("five")));
        Assert.Null(await store.Views.FindAsync(Seven, Id("newer"), Ct));
    }

    [Fact]
    public async Task The_audit_finds_what_was_changed_behind_the_store()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await PutAsync(store, "a", Named("one"));
        await PutAsync(store, "b", Named("two"));
        await store.Views.PutAsync(new ExperimentId(70), Id("a"), Named("elsewhere"), null, Ct);
        await store.Views.DeleteAsync(Seven, Id("b"), null, Ct);
        await store.AssertSoundAsync();

        var row = await store.Storage.Experiments.RowAsync(ViewKeys.Partition, ViewKeys.View(Seven, Id("a")));
        row["owner"] = "mallory";
        await store.Storage.Experiments.PutAsync(row);

        Assert.Equal("views:7", (await store.VerifyAllAsync()).Findings.Single().Object);
    }

    [Fact]
    public async Task An_experiment_that_is_deleted_keeps_its_views()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var experiment = (await store.Experiments.CreateAsync(new NewExperiment("views", null, []), Ct)).Value.Id;
        await store.Views.PutAsync(experiment, Id("a"), Named("one"), null, Ct);

        await store.Experiments.DeleteAsync(experiment, Ct);
        Assert.Single(await store.Views.ListAsync(experiment, false, Ct));
        await store.Experiments.RestoreAsync(experiment, Ct);
        Assert.Single(await store.Views.ListAsync(experiment, false, Ct));
        await store.AssertSoundAsync();
    }

    public static TheoryData<string, bool, int> Faults => FaultMatrix.Of("create", "update", "delete");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_change_is_whole_or_absent_whichever_request_fails_and_may_be_repeated(string name, bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await FaultMatrix.RunAsync(store, afterEffect, retries, async (n, faulty) =>
        {
            var experiment = new ExperimentId(100 + n);
            var before = (await store.Views.PutAsync(experiment, Id("a"), Named("before"), null, Ct)).Value.View;
            var entries = 0;
            return new FaultCase(
                CallAsync,
                async answered =>
                {
                    entries = (await store.SoundChainAsync($"views:{experiment}")).Length;
                    Assert.InRange(entries, answered ? 2 : 1, 2);
                },
                async () =>
                {
                    // What was deleted after all is not there any more.
                    Assert.True(await CallAsync() || (name == "delete" && entries == 2));
                    Assert.Equal(2, (await store.SoundChainAsync($"views:{experiment}")).Length);
                    Assert.Equal(name switch { "create" => ["before", "new"], "update" => ["after"], _ => [] }, (await store.Views.ListAsync(experiment, false, Ct)).Select(static view => view.Content.Name));
                });

            async Task<bool> CallAsync() => name switch
            {
                "create" => (await faulty.Views.PutAsync(experiment, Id("b"), Named("new"), 0, Ct)).IsOk,
                "update" => (await faulty.Views.PutAsync(experiment, Id("a"), Named("after"), before.Revision, Ct)).IsOk,
                _ => (await faulty.Views.DeleteAsync(experiment, Id("a"), before.Revision, Ct)).IsOk,
            };
        });
    }

    private static ViewId Id(string text) => ViewId.Parse(text, null);

    private static ViewContent Named(string name, bool isShared = false) => new(name, null, new ViewQuery(), isShared);

    private static async Task<SavedView> PutAsync(Instance store, string id, ViewContent content, long? expected = null) => (await store.Views.PutAsync(Seven, Id(id), content, expected, Ct)).Value.View;

    private static async Task<IEnumerable<string>> NamesAsync(Instance store) => (await store.Views.ListAsync(Seven, false, Ct)).Select(static view => view.Content.Name);

    private static Task<ImmutableArray<AuditEntryView>> ChainAsync(Instance store) => store.SoundChainAsync($"views:{Seven}");
}
