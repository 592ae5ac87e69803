using System.Collections.Immutable;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Audit;

public sealed class ExperimentAuditTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_change_of_an_experiment_writes_one_entry_by_its_caller()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using var _ = new Caller("ann", Role.Writer, "local").Act();
        var made = (await store.Experiments.CreateAsync(new NewExperiment("first", null, [new Tag("a", "1")]), Ct)).Value;
        Assert.True((await store.Experiments.RenameAsync(made.Id, "second", Ct)).IsOk);
        Assert.True((await store.Experiments.SetTagAsync(made.Id, new Tag("b", "2"), Ct)).IsOk);
        Assert.True((await store.Experiments.DeleteTagAsync(made.Id, "b", Ct)).IsOk);
        Assert.False((await store.Experiments.DeleteTagAsync(made.Id, "b", Ct)).IsOk);
        Assert.True((await store.Experiments.DeleteAsync(made.Id, Ct)).IsOk);
        Assert.True((await store.Experiments.RestoreAsync(made.Id, Ct)).IsOk);

        var entries = await store.EntriesAsync($"experiment:{made.Id}");

        Assert.Equal(["experiment.restore", "experiment.delete", "experiment.untag", "experiment.tag", "experiment.rename", "experiment.create"], entries.Select(static entry => entry.Action));
        Assert.All(entries, static entry => Assert.Equal(("ann", "local"), (entry.By, entry.Source)));
        Assert.Equal([6, 5, 4, 3, 2, 1], entries.Select(static entry => entry.N));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task Entries_of_all_come_by_time_in_pages_of_any_size()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 7; i++)
        {
            using var _ = new Caller(i % 2 == 0 ? "even" : "odd", Role.Writer, "local").Act();
            Assert.True((await store.Experiments.CreateAsync(new NewExperiment($"e{i}", null, []), Ct)).IsOk);
        }

        var whole = await store.ListAuditAsync(new AuditQuery(), 100);

        Assert.Equal(8, whole.Length);
        Assert.Equal(whole.OrderByDescending(static entry => entry.At).Select(static entry => entry.At), whole.Select(static entry => entry.At));
        foreach (var size in (int[])[1, 2, 3, 5])
        {
            Assert.Equal(whole.Select(static entry => entry.Hash), (await store.ListAuditAsync(new AuditQuery(), size)).Select(static entry => entry.Hash));
        }
        Assert.Equal(4, (await store.ListAuditAsync(new AuditQuery { By = "even" }, 3)).Length);
        Assert.Equal(8, (await store.ListAuditAsync(new AuditQuery { Action = "experiment" }, 3)).Length);
        Assert.Empty(await store.ListAuditAsync(new AuditQuery { Action = "exp" }, 3));
    }
}
