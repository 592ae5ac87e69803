using ServerlessMeta.Experiments;
using ServerlessMeta.Live;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Monitoring;
using ServerlessMeta.StorageTests.Triggers;
using ServerlessMeta.StorageTests.Models;
using Watching = ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests.Live;

/// <summary>What features tell of their changes.</summary>
public sealed class LiveReaderTests(AzuriteFixture azurite)
{
    private const string Rule = """{"target": {"model": "model"}, "when": {"signal": "dataDrift", "metric": "psi", "enter": 0.1}, "mode": "auto"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_computed_window_is_told_to_whoever_follows_what_is_watched()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        Assert.True((await store.Watching.SetOptionsAsync(Watching.Found, Watching.Labelled, null, Ct)).IsOk);
        await store.PostBaselineAsync(Watching.Rows(0, 50, Watching.Monday));
        var begun = await LookAsync(store, "monitoring", null);

        await store.PostAsync(Watching.Rows(0, 40, Watching.Monday), Watching.Monday);
        var posted = await LookAsync(store, "monitoring", begun.Cursor);
        await store.DriftTimer.RunAsync(Ct);
        var computed = await LookAsync(store, "monitoring", posted.Cursor);

        Assert.Empty(posted.Events);
        Assert.Equal("drift.computed.v1", Assert.Single(computed.Events).Type);
        Assert.Empty((await LookAsync(store, "monitoring", computed.Cursor)).Events);
    }

    [Fact]
    public async Task A_rule_that_is_set_and_a_model_that_changes_are_told_to_whoever_follows_the_store()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        store.TriggerDispatcher.Dispose();
        await store.RegisterAsync("model", 1);
        var begun = await LookAsync(store, null, null);

        await store.SetRuleAsync(Rule);
        var ruled = await LookAsync(store, null, begun.Cursor);
        Assert.True((await store.Registry.SetTagAsync("model", new Tag("k", "v"), Ct)).IsOk);
        var tagged = await LookAsync(store, null, ruled.Cursor);

        Assert.Equal(["rule.changed.v1"], ruled.Events.Select(static one => one.Type));
        Assert.Equal(["models/model"], tagged.Events.Select(static one => one.Subject));
    }

    [Fact]
    public async Task An_experiment_is_told_when_it_is_made_and_when_it_is_renamed()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var begun = await LookAsync(store, "experiments", null);

        var made = (await store.Experiments.CreateAsync(new NewExperiment("made", null, []), Ct)).Value;
        var seen = await LookAsync(store, "experiments", begun.Cursor);
        Assert.True((await store.Experiments.RenameAsync(made.Id, "renamed", Ct)).IsOk);
        var renamed = await LookAsync(store, $"experiments/{made.Id}", (await LookAsync(store, $"experiments/{made.Id}", null)).Cursor);

        Assert.Equal([$"experiments/{made.Id}"], seen.Events.Select(static one => one.Subject));
        Assert.Empty(renamed.Events);
        Assert.Equal("renamed", Assert.Single((await LookAsync(store, "experiments", seen.Cursor)).Events).Data!.Name);
    }

    private static async Task<LivePage> LookAsync(Instance store, string? subject, string? after) => (await store.Live.ReadAsync(subject, after, Ct)).Value;
}
