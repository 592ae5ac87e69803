using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

/// <summary>Whatever call moves an alias or a stage, guards are asked.</summary>
public sealed class MoveTests(AzuriteFixture azurite)
{
    private readonly List<string> asked = [];
    private string? refused;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Calls => new()
    {
        { "alias", ["Alias 'champion' 1->2"] },
        { "no alias", ["Alias 'champion' 1->"] },
        { "transition", ["Stage 'Production' ->3"] },
        { "archiving", ["Stage 'Production' 1,2->3", "Stage 'Archived' ->1", "Stage 'Archived' ->2"] },
        { "leaving", ["Stage 'Staging' ->1", "Stage 'Production' 1->"] },
        { "archive", ["Stage 'Production' 1->", "Stage 'Archived' ->1"] },
        { "version", ["Alias 'champion' 1->", "Stage 'Production' 1->"] },
        { "model", ["Alias 'champion' 1->", "Stage 'Production' 1,2->"] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_move_is_asked_for_and_a_refusal_moves_nothing(string call, string[] expected)
    {
        await using var store = await StartAsync();
        await store.RegisterAsync(versions: 3);
        Value(await store.Aliases.SetAsync("model", "champion", 1, MoveTerms.None, Ct));
        Value(await store.Aliases.TransitionAsync("model", 1, ModelStage.Production, false, MoveTerms.None, Ct));
        Value(await store.Aliases.TransitionAsync("model", 2, ModelStage.Production, false, MoveTerms.None, Ct));
        var before = await store.ModelAsync();
        asked.Clear();

        refused = expected[^1];
        Assert.IsType<Failure.Unmet>(await CallAsync(store, call));
        Assert.Equal(before.Revision, (await store.ModelAsync()).Revision);
        asked.Clear();
        refused = null;
        Assert.Null(await CallAsync(store, call));

        Assert.Equal(expected, asked);
    }

    [Fact]
    public async Task What_a_guard_records_is_stored_with_the_move_and_its_reason_is_told()
    {
        await using var store = await StartAsync();
        await store.RegisterAsync(versions: 1);

        Value(await store.Aliases.SetAsync("model", "champion", 1, new MoveTerms { Override = "the house is on fire" }, Ct));

        var row = await store.Storage.Models.GetEntityAsync<Azure.Data.Tables.TableEntity>(ModelKeys.Partition, "t|0000000001|decision", cancellationToken: Ct);
        Assert.Equal("the house is on fire", row.Value.GetString("reason"));
    }

    private Task<Instance> StartAsync() => Instance.StartAsync(azurite.ConnectionString, add: services => services.AddSingleton<MoveGuard>((change, move, _) =>
    {
        var told = $"{move.What} {string.Join(',', move.From)}->{move.To}";
        asked.Add(told);
        if (move.Override is { } reason)
        {
            change.Record(new Azure.Data.Tables.TableEntity(ModelKeys.Partition, $"t|{ModelKeys.ObjectKey(change.Model.Number)}|decision") { ["reason"] = reason }, null);
        }
        return Task.FromResult<Failure?>(told == refused ? new Failure.Unmet(move.What, ["no"]) : null);
    }));

    private static async Task<Failure?> CallAsync(Instance store, string call) => call switch
    {
        "alias" => (await store.Aliases.SetAsync("model", "champion", 2, MoveTerms.None, Ct)).Failure,
        "no alias" => (await store.Aliases.DeleteAsync("model", "champion", MoveTerms.None, Ct)).Failure,
        "transition" => (await store.Aliases.TransitionAsync("model", 3, ModelStage.Production, false, MoveTerms.None, Ct)).Failure,
        "archiving" => (await store.Aliases.TransitionAsync("model", 3, ModelStage.Production, true, MoveTerms.None, Ct)).Failure,
        "leaving" => (await store.Aliases.TransitionAsync("model", 1, ModelStage.Staging, true, MoveTerms.None, Ct)).Failure,
        "archive" => (await store.Aliases.TransitionAsync("model", 1, ModelStage.Archived, false, MoveTerms.None, Ct)).Failure,
        "version" => (await store.ModelVersions.DeleteAsync("model", 1, Ct)).Failure,
        _ => (await store.Registry.DeleteAsync("model", Ct)).Failure,
    };
}
