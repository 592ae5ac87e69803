using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

/// <summary>Every storage request of every write fails in turn, before or after it took effect. The write is whole or absent, with its audit entry and its history.</summary>
public sealed class FaultTests(AzuriteFixture azurite)
{
    private static readonly Tag Large = new("large", new string('x', 50_000));

    private static readonly Dictionary<string, (Func<Instance, string, Task<Failure?>> Call, string Done)> Calls = new(StringComparer.Ordinal)
    {
        ["create a model"] = (static async (store, name) => (await store.Registry.CreateAsync(new NewModel(name + " new") { Tags = [Large], IdempotencyKey = "k" }, Ct)).Failure, "new"),
        ["create a version"] = (static async (store, name) => (await store.ModelVersions.CreateAsync(name, new NewModelVersion("s3://b") { Tags = [Large], IdempotencyKey = "k" }, Ct)).Failure, "3 versions"),
        ["alias"] = (static async (store, name) => (await store.Aliases.SetAsync(name, "champion", 2, MoveTerms.None, Ct)).Failure, "champion 2"),
        ["no alias"] = (static async (store, name) => (await store.Aliases.DeleteAsync(name, "champion", MoveTerms.None, Ct)).Failure, "no champion"),
        ["stage"] = (static async (store, name) => (await store.Aliases.TransitionAsync(name, 2, ModelStage.Production, true, MoveTerms.None, Ct)).Failure, "Archived Production"),
        ["tag a model"] = (static async (store, name) => (await store.Registry.SetTagAsync(name, Large, Ct)).Failure, "large tag"),
        ["tag a version"] = (static async (store, name) => (await store.ModelVersions.SetTagAsync(name, 1, Large, Ct)).Failure, "large tag of 1"),
        ["describe a version"] = (static async (store, name) => (await store.ModelVersions.UpdateAsync(name, 1, "d", null, null, Ct)).Failure, "described"),
        ["delete a version"] = (static async (store, name) => (await store.ModelVersions.DeleteAsync(name, 1, Ct)).Failure is { } failure and not Failure.NotFound ? failure : null, "gone 1"),
        ["rename"] = (static async (store, name) => (await store.Registry.RenameAsync(name, name + " new", Ct)).Failure is { } failure and not Failure.NotFound ? failure : null, "renamed"),
        ["delete a model"] = (static async (store, name) => (await store.Registry.DeleteAsync(name, Ct)).Failure is { } failure and not Failure.NotFound ? failure : null, "deleted"),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, int> Faults
    {
        get
        {
            var all = new TheoryData<string, bool, int>();
            foreach (var call in Calls.Keys)
            {
                all.Add(call, false, 0);
                all.Add(call, true, 0);
                all.Add(call, false, 2);
                all.Add(call, true, 2);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_write_is_whole_or_absent_whichever_request_fails_and_may_be_repeated(string name, bool afterEffect, int retries)
    {
        var (call, done) = Calls[name];
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var faults = new FaultPolicy(afterEffect, retries);
        await using var faulty = await store.AnotherAsync(faults);
        var struck = 0;
        for (var n = 1; n <= 7; n++)
        {
            var model = $"m{n}";
            await store.RegisterAsync(model, 2);
            Value(await store.Aliases.SetAsync(model, "champion", 1, MoveTerms.None, Ct));
            Value(await store.Aliases.TransitionAsync(model, 1, ModelStage.Production, false, MoveTerms.None, Ct));
            Assert.DoesNotContain(done, await SeeAsync(store, model));

            faults.Arm(n);
            var answered = await TryAsync(() => call(faulty, model));
            struck += faults.Struck ? 1 : 0;
            faults.Arm(int.MaxValue);
            var seen = await SeeAsync(store, model);
            Assert.True(seen.Contains(done) || !answered, $"request {n}: answered, but not done");
            await CheckAsync(store);

            Assert.Null(await call(faulty, model));
            Assert.Contains(done, await SeeAsync(store, model));
            await CheckAsync(store);
        }
        Assert.InRange(struck, 2, 7);
    }

    private static async Task<bool> TryAsync(Func<Task<Failure?>> call)
    {
        try
        {
            return await call() is null;
        }
        catch (Exception cut) when (Outage.IsAmbiguous(cut))
        {
            return false;
        }
    }

    private static async Task<HashSet<string>> SeeAsync(Instance store, string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var renamed = (await store.Registry.FindAsync(name + " new", Ct)) is { IsOk: true, Value: var other } ? other : null;
        var found = await store.Registry.FindAsync(name, Ct);
        if (renamed is not null)
        {
            seen.Add(found.IsOk ? "new" : "renamed");
        }
        if (!found.IsOk)
        {
            seen.Add(renamed is null ? "deleted" : "renamed");
            return seen;
        }
        var model = found.Value;
        seen.Add($"{model.LastVersion} versions");
        seen.Add(model.Aliases.TryGetValue("champion", out var champion) ? $"champion {champion}" : "no champion");
        seen.Add($"{model.StageOf(1)} {model.StageOf(2)}");
        if ((await store.ModelTags.AllAsync(model, Ct)).Contains(Large))
        {
            seen.Add("large tag");
        }
        if (await store.ModelVersions.FindAsync(name, 1, Ct) is not { IsOk: true, Value: var first })
        {
            seen.Add("gone 1");
            return seen;
        }
        if ((await store.ModelTags.AllAsync(first.Version, Ct)).Contains(Large))
        {
            seen.Add("large tag of 1");
        }
        if (first.Version.Description == "d")
        {
            seen.Add("described");
        }
        return seen;
    }

    // Each model has as many entries, and as many copies of its row, as it has revisions; large tags, origins and claims are there when what names them is.
    private static async Task CheckAsync(Instance store)
    {
        var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in store.Storage.Models.QueryAsync<TableEntity>($"PartitionKey eq '{ModelKeys.Partition}'", cancellationToken: Ct))
        {
            rows.Add(row.RowKey, row);
        }
        foreach (var home in rows.Values.Where(static row => row.RowKey.StartsWith("m|", StringComparison.Ordinal)))
        {
            var model = ModelRow.To(home);
            var key = ModelKeys.ObjectKey(model.Number);
            Assert.Equal(model.Revision, AuditHead.Of(home).Number);
            Assert.Equal(model.Revision, rows.Keys.Count(row => row.StartsWith($"j|{key}|", StringComparison.Ordinal)));
            Assert.Equal(model.Revision, rows.Keys.Count(row => row.StartsWith($"h|{key}|0000000000|", StringComparison.Ordinal)));
            Assert.Equal(model.LastVersion, rows.Keys.Count(row => row.StartsWith($"v|{key}|", StringComparison.Ordinal)));
            Assert.Equal(model.LastVersion, rows.Keys.Count(row => row.StartsWith($"f|{key}|", StringComparison.Ordinal)));
            Assert.Equal(model.Stage is LifecycleStage.Active, rows.TryGetValue(ModelKeys.Name(model.Name), out var claim) && claim.GetInt64("number") == model.Number);
            Assert.Equal(
                model.LargeTags.Length + rows.Values.Where(row => row.RowKey.StartsWith($"v|{key}|", StringComparison.Ordinal)).Sum(static row => ModelVersionRow.To(row).LargeTags.Length),
                rows.Keys.Count(row => row.StartsWith($"g|{key}|", StringComparison.Ordinal)));
        }
    }
}
