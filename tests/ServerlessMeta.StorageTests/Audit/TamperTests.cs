using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.Audit;

/// <summary>Someone with the keys of the storage account changes rows: each way is found and named.</summary>
public sealed class TamperTests(AzuriteFixture azurite)
{
    private const int Entries = 6;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Dictionary<string, (Func<TableClient, string, Task> Act, (string Fault, long? Entry)[] Found)> Ways { get; } = new(StringComparer.Ordinal)
    {
        ["the object's row changed"] = (static async (table, key) =>
        {
            var row = await table.RowAsync(ExperimentKeys.Partition, Home(key));
            row["name"] = "false";
            await table.PutAsync(row);
        }, [("row-changed", null)]),
        ["the object's row removed"] = (static async (table, key) => await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, Home(key))), [("object-removed", null)]),
        ["an entry changed"] = (static (table, key) => ChangeAsync(table, AuditKeys.Entry(key, 3), "by", "nobody"), [("entry-changed", 3), ("by-time-changed", 3)]),
        ["the last entry changed"] = (static (table, key) => ChangeAsync(table, AuditKeys.Entry(key, Entries), "by", "nobody"), [("entry-changed", Entries), ("by-time-changed", Entries)]),
        ["an entry made unreadable"] = (static async (table, key) =>
        {
            var row = await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, 2));
            row["e0"] = new byte[] { 1, 2, 3 };
            await table.PutAsync(row);
        }, [("entry-changed", 2)]),
        ["an entry removed"] = (static async (table, key) => await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, 4))), [("entry-removed", 4)]),
        ["the first entry removed"] = (static async (table, key) => await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, 1))), [("entry-removed", 1)]),
        ["the tail cut"] = (static async (table, key) =>
        {
            await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, Entries)));
            await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, Entries - 1)));
        }, [("tail-cut", Entries - 1)]),
        ["an entry inserted behind the last"] = (static async (table, key) =>
        {
            var last = AuditCommit.Of(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, Entries)));
            var more = AuditLine.Write(last.Entries[0]! with { Number = Entries + 1, Previous = AuditEntry.HexOf(last.Lines[0].Span), Action = "experiment.forged" });
            await table.PutAsync(AuditRow.From(ExperimentKeys.Partition, AuditKeys.Entry(key, Entries + 1), [more], "w"));
        }, [("head-changed", Entries), ("by-time-removed", Entries + 1)]),
        ["the head set back"] = (static async (table, key) =>
        {
            var row = await table.RowAsync(ExperimentKeys.Partition, Home(key));
            var back = AuditCommit.Of(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, 4)));
            new AuditHead(4, AuditEntry.HashOf(back.Lines[0].Span), back.Entries[0]!.At).Write(row);
            await table.PutAsync(row);
        }, [("head-changed", 4)]),
        ["the head's hash changed"] = (static async (table, key) =>
        {
            var row = await table.RowAsync(ExperimentKeys.Partition, Home(key));
            row["ah"] = new byte[32];
            await table.PutAsync(row);
        }, [("head-changed", Entries)]),
        ["the head's hash removed"] = (static (table, key) => SetAsync(table, Home(key), "ah", null), [("head-changed", 0)]),
        ["the head's time of another type"] = (static (table, key) => SetAsync(table, Home(key), "aa", "now"), [("head-changed", 0)]),
        ["the head's number of another type"] = (static (table, key) => SetAsync(table, Home(key), "an", "6"), [("head-changed", 0)]),
        ["a property of a type that no row has"] = (static (table, key) => SetAsync(table, Home(key), "more", Guid.Empty), [("row-changed", null)]),
        ["an entry's lines of another type"] = (static (table, key) => SetAsync(table, AuditKeys.Entry(key, 2), "e0", "text"), [("entry-changed", 2)]),
        ["an entry's lines removed"] = (static (table, key) => SetAsync(table, AuditKeys.Entry(key, 2), "e0", null), [("entry-changed", 2)]),
        ["an entry by time changed"] = (static async (table, key) => await ChangeAsync(table, await ByTimeAsync(table, key, 3), "action", "experiment.nothing"), [("by-time-changed", 3)]),
        ["an entry by time removed"] = (static async (table, key) => await table.RemoveAsync(await table.RowAsync(ExperimentKeys.Partition, await ByTimeAsync(table, key, 3))), [("by-time-removed", 3)]),
        ["an entry and its copy by time changed"] = (static async (table, key) =>
        {
            await ChangeAsync(table, AuditKeys.Entry(key, 3), "by", "nobody");
            await ChangeAsync(table, await ByTimeAsync(table, key, 3), "by", "nobody");
        }, [("entry-changed", 3)]),
        ["all of it removed but the row"] = (static async (table, key) =>
        {
            foreach (var row in await table.RowsAsync(ExperimentKeys.Partition, AuditKeys.Entries(key).From))
            {
                await table.RemoveAsync(row);
            }
        }, [("tail-cut", 1)]),
    };

    public static TheoryData<string> All => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_way_is_found_and_named(string way)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (experiment, key) = await PrepareAsync(store);
        Assert.Empty(await store.FindingsAsync($"experiment:{experiment}"));

        await Ways[way].Act(store.Storage.Experiments, key);

        var alone = await store.FindingsAsync($"experiment:{experiment}");
        // An object whose entries are all gone is named by its key.
        Assert.All(alone, found => Assert.Contains(found.Object, (string[])[$"experiment:{experiment}", $"experiment:{key}"]));
        Assert.Equal(Ways[way].Found.Order(), alone.Select(static found => (found.Fault, found.Entry)).Order());
        var (_, _, _, whole) = await store.VerifyAllAsync();
        Assert.Superset(Ways[way].Found.Select(static found => found.Fault).Where(static fault => !fault.StartsWith("by-time", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal), whole.Select(static found => found.Fault).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_entry_by_time_that_no_chain_has_is_found_in_the_whole_store()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (_, key) = await PrepareAsync(store);
        var row = await store.Storage.Experiments.RowAsync(ExperimentKeys.Partition, await ByTimeAsync(store.Storage.Experiments, key, 3));
        row.RowKey = AuditKeys.ByTime(DateTimeOffset.UnixEpoch.AddYears(40), key, 77);
        await store.Storage.Experiments.PutAsync(row);

        var found = Assert.Single((await store.VerifyAllAsync()).Findings);

        Assert.Equal(("by-time-inserted", row.RowKey), (found.Fault, found.Row));
    }

    [Fact]
    public async Task A_change_made_behind_the_back_before_an_honest_one_is_found_later()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (experiment, key) = await PrepareAsync(store);
        var row = await store.Storage.Experiments.RowAsync(ExperimentKeys.Partition, Home(key));
        row["epoch"] = 4;
        await store.Storage.Experiments.PutAsync(row);
        Assert.True((await store.Experiments.SetTagAsync(experiment, new Tag("honest", "1"), Ct)).IsOk);

        var found = Assert.Single(await store.FindingsAsync($"experiment:{experiment}"));

        Assert.Equal(("row-changed", Entries + 1), (found.Fault, found.Entry));
    }

    [Fact]
    public async Task Writers_at_work_are_no_fault()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var (experiment, _) = await PrepareAsync(store);
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                Assert.True((await other.Experiments.SetTagAsync(experiment, new Tag("k", $"{i}"), Ct)).IsOk);
            }
        }, Ct);

        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(await store.FindingsAsync($"experiment:{experiment}"));
            Assert.Empty((await store.VerifyAllAsync()).Findings);
        }
        await done.CancelAsync();
        await writing;
    }

    private static string Home(string key) => AuditSource.HomeOf('e', key);

    private static async Task<string> ByTimeAsync(TableClient table, string key, long number) =>
        ObjectCheck.ByTimeKey(key, AuditCommit.Of(await table.RowAsync(ExperimentKeys.Partition, AuditKeys.Entry(key, number))))!;

    private static async Task SetAsync(TableClient table, string rowKey, string property, object? value)
    {
        var row = await table.RowAsync(ExperimentKeys.Partition, rowKey);
        row.Remove(property);
        if (value is not null)
        {
            row[property] = value;
        }
        await table.PutAsync(row);
    }

    private static async Task ChangeAsync(TableClient table, string rowKey, string field, string value)
    {
        var row = await table.RowAsync(ExperimentKeys.Partition, rowKey);
        var entry = AuditCommit.Of(row).Entries[0]!;
        entry = field == "by" ? entry with { By = value } : entry with { Action = value };
        await table.PutAsync(AuditRow.From(ExperimentKeys.Partition, rowKey, [AuditLine.Write(entry)], "w"));
    }

    private static async Task<(ExperimentId Experiment, string Key)> PrepareAsync(Instance store)
    {
        var made = (await store.Experiments.CreateAsync(new NewExperiment("e", null, []), Ct)).Value;
        for (var i = 2; i <= Entries; i++)
        {
            Assert.True((await store.Experiments.SetTagAsync(made.Id, new Tag("k", $"{i}"), Ct)).IsOk);
        }
        return (made.Id, ExperimentKeys.ObjectKey(made.Id));
    }
}
