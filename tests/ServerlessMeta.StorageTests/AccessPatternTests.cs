using System.Collections.Concurrent;
using ServerlessMeta.Access;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Audit;
using ServerlessMeta.Comments;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;
using ServerlessMeta.StorageTests.LoggedModels;
using ServerlessMeta.StorageTests.Messages;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.StorageTests.Monitoring;
using static ServerlessMeta.StorageTests.Models.Registering;
using ServerlessMeta.StorageTests.Policies;
using ServerlessMeta.StorageTests.Triggers;
using ServerlessMeta.Triggers;
using ServerlessMeta.Views;
using Ruling = ServerlessMeta.StorageTests.Triggers.Watching;
using Watching = ServerlessMeta.StorageTests.Monitoring.Watching;

namespace ServerlessMeta.StorageTests;

/// <summary>
/// The table of access patterns in ARCHITECTURE.md, measured: storage operations of each call on an instance that knows the run (warm), on one that never saw it
/// (cold), and on one that knows it while another instance has written it since (after a lost race).
/// </summary>
public sealed class AccessPatternTests(AzuriteFixture azurite)
{
    private static readonly FieldSchema Schema = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Metric, ["metrics"])],
        Attributes = [],
    };

    private const string ModelKey = "model";

    private static readonly ConcurrentDictionary<string, (ApiToken Token, string Text)> Tokens = new(StringComparer.Ordinal);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ViewId View { get; } = ViewId.Parse("view", null);

    private static ViewContent Saved { get; } = new("view", null, new ViewQuery(), true);

    private static DatasetInput Known { get; } = new("known", "1", "t", "s", null, null, []);

    private const string Rule = """{"target": {"model": "model"}, "when": {"signal": "dataDrift", "metric": "psi", "enter": 0.1}, "mode": "auto"}""";

    private static readonly ConcurrentDictionary<string, string> Fired = new(StringComparer.Ordinal);

    // The first model of a store.
    private static MonitorTarget Watched { get; } = MonitorTarget.Of(1, 1);

    private static Dictionary<string, Func<Instance, RunId, Task>> Calls { get; } = new(StringComparer.Ordinal)
    {
        ["create an experiment"] = static async (store, _) => Done(await store.Experiments.CreateAsync(new NewExperiment(WriteId.New(), null, []), Ct)),
        ["get an experiment"] = static async (store, run) => Assert.NotNull(await store.Experiments.FindAsync(run.Experiment, Ct)),
        ["get an experiment by name"] = static async (store, _) => Assert.NotNull(await store.Experiments.FindByNameAsync("patterns", Ct)),
        ["rename an experiment"] = static async (store, run) => Done(await store.Experiments.RenameAsync(run.Experiment, WriteId.New(), Ct)),
        ["tag an experiment"] = static async (store, run) => Done(await store.Experiments.SetTagAsync(run.Experiment, new Tag("k", WriteId.New()), Ct)),
        ["delete or restore an experiment"] = static async (store, run) => Done(await store.Experiments.DeleteAsync(run.Experiment, Ct)),
        ["create a run"] = static async (store, run) => Done(await store.Runs.CreateAsync(new NewRun(run.Experiment, "n", "u", DateTimeOffset.UnixEpoch, []), Ct)),
        ["log points, params, tags"] = static async (store, run) => Done(await store.Runs.LogAsync(run, Logs.Noise(1000, 20, 1), Ct)),
        ["log points that look wrong"] = static async (store, run) => Done(await store.Runs.LogAsync(run, Logs.Point("loss", double.NaN, 3), Ct)),
        ["list the anomalies of a run"] = static async (store, run) => await store.Anomalies.ListAsync(run, Ct).CountAsync(Ct),
        ["list the anomalies of an experiment"] = static async (store, run) => await store.Anomalies.ListAsync(run.Experiment, DateTimeOffset.UnixEpoch, Ct).CountAsync(Ct),
        ["log points by a message"] = static async (store, run) => await store.DeliverAsync("new", one => one.Runs.LogAsync(run, Logs.Point("loss", 3, 3), Ct)),
        ["log points by a message that came before"] = static async (store, run) => await store.DeliverAsync("known", one => one.Runs.LogAsync(run, Logs.Point("loss", 1, 1), Ct)),
        ["change or tag a run"] = static async (store, run) => Done(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Finished, DateTimeOffset.UnixEpoch, null), Ct)),
        ["log inputs: a dataset never seen"] = static async (store, run) => Done(await store.Lineage.LogInputsAsync(run, [new DatasetInput("d", "1", "t", "s", null, null, [])], [], Ct)),
        ["log inputs: a dataset seen before"] = static async (store, run) => Done(await store.Lineage.LogInputsAsync(run, [Known], [], Ct)),
        ["log inputs with a large profile"] = static async (store, run) => Done(await store.Lineage.LogInputsAsync(run, [new DatasetInput("d", "2", "t", "s", null, new string('x', 100_000), [])], [], Ct)),
        ["delete or restore a run"] = static async (store, run) => Done(await store.Runs.DeleteAsync(run, Ct)),
        ["describe the environment of a run"] = static (store, run) => DescribeAsync(store, run),
        ["take an uploaded file into an environment"] = static async (store, run) => Done(await store.Environments.TakeAsync(run, [new EnvironmentFile("requirements.txt", "torch==2.3.1")], Ct)),
        ["get the environment of a run"] = static async (store, run) => Done(await store.Environments.ReadAsync((await store.Runs.FindAsync(run, Ct))!, Ct)),
        ["judge whether a run can be run again"] = static async (store, run) => Done(await store.Rebuild.ReadAsync(run, Ct)),
        ["get a run"] = static async (store, run) => Assert.NotNull(await store.Runs.FindAsync(run, Ct)),
        ["the histories of up to 50 metrics"] = static async (store, run) => Done(await store.History.ReadAsync(run, ["loss"], long.MinValue, Ct)),
        ["a page of a history"] = static async (store, run) => Done(await store.History.ListAsync(run, "loss", 1000, null, Ct)),
        ["what changed of a run"] = static (store, run) => LookAsync(store, $"runs/{run}"),
        ["what changed in an experiment"] = static (store, run) => LookAsync(store, $"experiments/{run.Experiment}"),
        ["what changed of the experiments"] = static (store, _) => LookAsync(store, "experiments"),
        ["what changed of the models"] = static (store, _) => LookAsync(store, "models"),
        ["what changed of a model"] = static (store, _) => LookAsync(store, "models/model"),
        ["what changed of triggers and rules"] = static (store, _) => LookAsync(store, "triggers"),
        ["what changed of what is watched"] = static (store, _) => LookAsync(store, "monitoring"),
        ["create a logged model"] = static async (store, run) => Done(await store.Models.CreateAsync(new NewLoggedModel(run.Experiment, "n"), Ct)),
        ["get a logged model"] = static async (store, run) => Assert.NotNull(await store.Models.FindAsync(Model(run), Ct)),
        ["change, tag or delete a logged model"] = static async (store, run) => Done(await store.Models.SetTagsAsync(Model(run), [new Tag("k", WriteId.New())], Ct)),
        ["log points of a logged model"] = static async (store, run) => Done(await store.LogForAsync(run, Model(run), "acc", 1, 1)),
        ["search the logged models of an experiment"] = static async (store, run) => Done(await store.SearchModelsAsync([run.Experiment], "name = 'n'", [])),
        ["search an experiment"] = static async (store, run) => Done(await store.Search.SearchAsync([run.Experiment], RecordQuery.Parse("metrics.loss > 0", [], Schema).Value, Instance.Words, StageFilter.Active, 10, null, Ct)),
        ["list the datasets of an experiment"] = static async (store, run) => await store.Search.ListDatasetsAsync([run.Experiment], "context", 10, Ct),
        ["store a new file of up to 8 MiB"] = static (store, run) => PutAsync(store, run, "new", "new bytes"),
        ["store bytes that are known"] = static (store, run) => PutAsync(store, run, "again", "bytes"),
        ["find and read a file"] = static async (store, run) => await ReadAsync(store, await store.Artifacts.FindAsync(PathOf(run, "first"), Ct)),
        ["list a folder"] = static async (store, run) => Done(await store.Artifacts.ListAsync(ArtifactPath.Parse($"{run.Experiment}/{run}/artifacts").Value, 100, null, Ct)),
        ["delete a file"] = static async (store, run) => Assert.Null(await store.Artifacts.DeleteAsync(PathOf(run, "first"), Ct)),
        ["presign an upload"] = static async (store, run) => Done(await store.DirectUploads.PresignAsync(PathOf(run, "straight"), TimeSpan.FromMinutes(1), Ct)),
        ["verify a file"] = static async (store, run) => Done(await store.Verifier.VerifyAsync((await store.Artifacts.FindAsync(PathOf(run, "first"), Ct))!, Ct)),
        ["list the entries of an object"] = static async (store, run) => Done(await store.Audit.ListAsync(new AuditQuery { Object = $"run:{run}" }, 100, null, Ct)),
        ["verify an object with one entry"] = static async (store, run) => Assert.Empty((await store.AuditVerifier.VerifyAsync($"run:{run}", Ct)).Value.Findings),
        ["write the manifest of a run"] = static async (store, run) => Done(await store.Manifests.WriteAsync(run, Ct)),
        ["register a new version"] = static async (store, _) => Done(await store.Versions.RegisterAsync(Of("new", "s3://b"), Ct)),
        ["register a known version"] = static async (store, _) => Done(await store.Versions.RegisterAsync(Of("known", "s3://b"), Ct)),
        ["register a known version at another location"] = static async (store, _) => Done(await store.Versions.RegisterAsync(Of("known", "s3://c"), Ct)),
        ["register a new version made by a run"] = static async (store, run) => Done(await store.Versions.RegisterAsync(Of("new", "s3://b") with { ProducedBy = run }, Ct)),
        ["get an artifact"] = static async (store, _) => Done(await store.VersionReader.FindAsync("artifact", Ct)),
        ["get a version by number, or the latest"] = static async (store, _) => Done(await store.VersionReader.FindVersionAsync("artifact", VersionReference.Latest, Ct)),
        ["get a version by digest"] = static async (store, _) => Done(await store.VersionReader.FindVersionAsync("artifact", VersionReference.Parse("digest:known", null), Ct)),
        ["a page of versions"] = static async (store, _) => Done(await store.VersionReader.ListVersionsAsync("artifact", 10, null, Ct)),
        ["a page of artifacts"] = static async (store, _) => Done(await store.VersionReader.ListAsync(null, "", 10, null, Ct)),
        ["the runs of a version"] = static async (store, _) => Done(await store.VersionReader.ListUsesAsync("artifact", new VersionReference(1, null), 10, null, Ct)),
        ["know a caller by an API token"] = static async (store, _) => Assert.NotNull((await store.Tokens.RecognizeAsync(Tokens[store.Prefix].Text, Ct)).Caller),
        ["make an API token"] = static async (store, _) => await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct),
        ["revoke an API token"] = static async (store, _) => Done(await store.Tokens.RevokeAsync(Tokens[store.Prefix].Token.Id, Ct)),
        ["a page of API tokens"] = static async (store, _) => Done(await store.Tokens.ListAsync(10, null, Ct)),
        ["comment on something"] = static async (store, run) => Done(await store.Comments.AddAsync(Of(run), "Fine, @grace.", null, null, Ct)),
        ["edit or delete a comment"] = static async (store, run) => Done(await store.Comments.EditAsync(Of(run), 1, "Well, @grace.", null, Ct)),
        ["a page of comments"] = static async (store, run) => Done(await store.Comments.ListAsync(Of(run).Subject, 10, null, Ct)),
        ["a page of a feed"] = static async (store, run) => Done(await store.Feed.ListAsync(Of(run), 10, null, Ct)),
        ["a page of mentions"] = static async (store, _) => Done(await store.Comments.ListMentionsAsync("grace", 10, null, Ct)),
        ["list the views of an experiment"] = static async (store, run) => await store.Views.ListAsync(run.Experiment, false, Ct),
        ["get a view"] = static async (store, run) => Assert.NotNull(await store.Views.FindAsync(run.Experiment, View, Ct)),
        ["save a view"] = static async (store, run) => Done(await store.Views.PutAsync(run.Experiment, View, new ViewContent(WriteId.New(), null, new ViewQuery(), true), null, Ct)),
        ["save a view that says the same"] = static async (store, run) => Done(await store.Views.PutAsync(run.Experiment, View, Saved, null, Ct)),
        ["delete a view"] = static async (store, run) => Done(await store.Views.DeleteAsync(run.Experiment, View, null, Ct)),
        ["register a model"] = static async (store, _) => Done(await store.Registry.CreateAsync(new NewModel("another"), Ct)),
        ["register a model whose name is taken"] = static async (store, _) => Assert.False((await store.Registry.CreateAsync(new NewModel("model"), Ct)).IsOk),
        ["register a version"] = static async (store, _) => Done(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b"), Ct)),
        ["register a version of a run"] = static async (store, run) => Done(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Run = run }, Ct)),
        ["register a version of a logged model"] = static async (store, run) => Done(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { LoggedModel = Model(run) }, Ct)),
        ["get a registered model"] = static async (store, _) => Done(await store.Registry.FindAsync("model", Ct)),
        ["get a registered version"] = static async (store, _) => Done(await store.ModelVersions.FindAsync("model", 1, Ct)),
        ["get a registered version with large tags"] = static async (store, _) => await store.ModelTags.AllAsync(Value(await store.ModelVersions.FindAsync("model", 2, Ct)).Version, Ct),
        ["get a registered version by alias"] = static async (store, _) => Done(await store.Aliases.FindAsync("model", "champion", Ct)),
        ["the latest versions of each stage"] = static async (store, _) => await store.ModelVersions.ListLatestAsync(Value(await store.Registry.FindAsync("model", Ct)), [], Ct),
        ["set or take away an alias"] = static async (store, _) => Done(await store.Aliases.SetAsync("model", "champion", 2, MoveTerms.None, Ct)),
        ["move a version to a stage"] = static async (store, _) => Done(await store.Aliases.TransitionAsync("model", 2, ModelStage.Production, true, MoveTerms.None, Ct)),
        ["describe or tag a registered model"] = static async (store, _) => Done(await store.Registry.SetTagAsync("model", new Tag("k", WriteId.New()), Ct)),
        ["describe or tag a registered version"] = static async (store, _) => Done(await store.ModelVersions.SetTagAsync("model", 1, new Tag("k", WriteId.New()), Ct)),
        ["set a large tag of a registered version"] = static async (store, _) => Done(await store.ModelVersions.SetTagAsync("model", 1, new Tag("k", new string('x', 100_000)), Ct)),
        ["set a large tag again"] = static async (store, _) => Done(await store.ModelVersions.SetTagAsync("model", 2, new Tag("large", new string('y', 100_000)), Ct)),
        ["rename a registered model"] = static async (store, _) => Done(await store.Registry.RenameAsync("model", "renamed", Ct)),
        ["delete a registered model or version"] = static async (store, _) => Done(await store.ModelVersions.DeleteAsync("model", 1, Ct)),
        ["a registered model as it was"] = static async (store, _) => Done(await store.ModelHistory.FindAsync("model", Value(await store.Registry.FindAsync("model", Ct)).CreatedAt, Ct)),
        ["a page of the versions of a model"] = static async (store, _) => Done(await store.ModelHistory.ListVersionsAsync(Value(await store.ModelHistory.FindAsync("model", null, Ct)), null, 10, null, Ct)),
        ["the origin of a registered version"] = static async (store, _) => Assert.NotNull(await store.Origins.FindAsync(Value(await store.Registry.FindAsync("model", Ct)).Number, 1, Ct)),
        ["search models or versions"] = static async (store, _) => Done(await store.RegistrySearch.SearchVersionsAsync(RecordQuery.Parse("", [], Schema).Value, 10, null, Ct)),
        ["the artifacts of a run"] = static async (store, run) => Done(await store.VersionReader.ListOfRunAsync(run, 10, null, Ct)),
        ["record an evaluation"] = static async (store, _) => Done(await store.Evaluations.RecordAsync(Governing.Model, 2, Governing.Content(0.97), null, Ct)),
        ["record a known evaluation"] = static async (store, _) => Done(await store.Evaluations.RecordAsync(Governing.Model, 2, Governing.Content(0.96), null, Ct)),
        ["a page of evaluations"] = static async (store, _) => Done(await store.Evaluations.ListAsync(await store.ModelAsync(Governing.Model), 2, new EvaluationFilter(), 10, null, Ct)),
        ["compare the evaluations of two versions"] = static (store, _) => CompareAsync(store),
        ["approve a version"] = static async (store, _) => Done(await store.SayAsync("bob", 2)),
        ["a page of approvals"] = static async (store, _) => Done(await store.Approvals.ListAsync(await store.ModelAsync(Governing.Model), 2, null, 10, null, Ct)),
        ["set a policy"] = static async (store, _) => await store.SetPolicyAsync("{}"),
        ["get a policy"] = static async (store, _) => Assert.NotNull(await store.Policies.FindAsync(await store.ModelAsync(Governing.Model), (DateTimeOffset?)null, Ct)),
        ["judge the gate before a version"] = static async (store, _) => Done(await store.Gates.JudgeAsync(await store.ModelAsync(Governing.Model), 2, [], Ct)),
        ["move a guarded alias"] = static async (store, _) => Done(await store.PromoteAsync(2)),
        ["move another alias of a guarded model"] = static async (store, _) => Done(await store.Aliases.SetAsync(Governing.Model, "other", 2, MoveTerms.None, Ct)),
        ["a page of decisions"] = static async (store, _) => Done(await store.Decisions.ListAsync(await store.ModelAsync(Governing.Model), new DecisionFilter(), 10, null, Ct)),
        ["set a rule"] = static async (store, _) => Done(await store.Rules.PutAsync("new", Ruling.Read(Rule), null, Ct)),
        ["get a rule"] = static async (store, _) => Assert.NotNull((await store.Rules.FindAsync("r1", Ct), await store.Rules.FindStateAsync("r1", Ct)).Item1),
        ["a page of rules"] = static async (store, _) => Done(await store.Rules.ListAsync(null, 10, null, Ct)),
        ["judge a window that no rule watches"] = static async (store, _) => await store.RuleEvaluation.EvaluateAsync(MonitorTarget.Of(Watched.Model + 1, 1), Ruling.PsiOf(1, 0.01), Ct),
        ["judge a window by a rule"] = static (store, _) => store.RuleEvaluation.EvaluateAsync(Watched, Ruling.PsiOf(1, 0.01), Ct),
        ["judge a window that fires"] = static (store, _) => store.RuleEvaluation.EvaluateAsync(Watched, Ruling.PsiOf(1, 0.5), Ct),
        ["look at rules when nothing is due"] = static (store, _) => store.RuleTimer.RunAsync(Ct),
        ["send triggers when none wait"] = static (store, _) => store.TriggerDispatcher.SweepAsync(Ct),
        ["a page of triggers"] = static async (store, _) => Done(await store.Triggers.ListAsync(new TriggerFilter(), 10, null, Ct)),
        ["get a trigger"] = static async (store, _) => await store.TriggerReader.ReadAsync((await store.Triggers.FindAsync(Fired[store.Prefix], Ct))!, Ct),
        ["say that retraining began"] = static async (store, _) => Done(await store.Triggers.StartAsync(Fired[store.Prefix], null, Ct)),
        ["put a baseline into force"] = static (store, _) => store.PostBaselineAsync(Watching.Rows(0, 60, Watching.Monday)),
        ["set how something is watched"] = static async (store, _) => Done(await store.Watching.SetOptionsAsync(Watching.Found, Watching.Labelled with { KeepsSample = true }, null, Ct)),
        ["post a part of a new window"] = static (store, _) => store.PostAsync(Watching.Rows(500, 40, Watching.Monday), Watching.Monday.AddDays(1)),
        ["post another part of a window"] = static (store, _) => store.PostAsync(Watching.Rows(500, 40, Watching.Monday), Watching.Monday),
        ["post a known part"] = static (store, _) => store.PostAsync(Watching.Rows(0, 40, Watching.Monday), Watching.Monday),
        ["post labels"] = static (store, _) => store.LabelAsync("new", Watching.Labels(0, 40, predictedAt: Watching.Monday)),
        ["a page of windows"] = static async (store, _) => Done(await store.Windows.ListAsync(Watching.Found.Target, null, null, 10, null, Ct)),
        ["a page of monitors"] = static async (store, _) => Done(await store.Monitors.ListAsync(10, null, Ct)),
        ["the latest result"] = static async (store, _) => Assert.NotNull(await store.Results.LatestAsync(Watching.Found.Target, Ct)),
        ["the result of a window"] = static async (store, _) => Assert.NotNull(await store.Results.FindAsync(Watching.Found.Target, Watching.IdOf(Watching.Monday), Ct)),
        ["a page of results"] = static async (store, _) => Done(await store.ResultHistory.ListAsync(Watching.Found.Target, 10, null, Ct)),
        ["a page of the history of a drift metric"] = static async (store, _) => Done(await store.ResultHistory.ReadAsync(Watching.Found.Target, MetricScope.Column, "x", "js", 100, null, Ct)),
        ["the open alerts of a version"] = static async (store, _) => Assert.NotNull(await store.ResultHistory.AlertsAsync(Watching.Found.Target, Ct)),
        ["look for what changed of all that is watched"] = static (store, _) => store.DriftTimer.RunAsync(Ct),
        ["compute a window for a part"] = static (store, _) => store.DriftTimer.RunAsync(Ct),
        ["compute a window for labels"] = static (store, _) => store.DriftTimer.RunAsync(Ct),
        ["verify the file of a version"] = static async (store, _) => Done(await store.Verifications.VerifyAsync(Governing.Model, 3, Ct)),
    };

    // The calls on a store with a rule; of some it has fired.
    private static readonly HashSet<string> Ruled = new(["get a rule", "a page of rules", "judge a window that no rule watches", "judge a window by a rule", "judge a window that fires", "look at rules when nothing is due"], StringComparer.Ordinal);

    private static readonly HashSet<string> Triggered = new(["a page of triggers", "get a trigger", "say that retraining began"], StringComparer.Ordinal);

    // The calls on a model with a policy.
    private static readonly HashSet<string> Governed = new(
        [
            "record an evaluation", "record a known evaluation", "a page of evaluations", "compare the evaluations of two versions", "approve a version", "a page of approvals", "set a policy", "get a policy",
            "judge the gate before a version", "move a guarded alias", "move another alias of a guarded model", "a page of decisions", "verify the file of a version",
        ], StringComparer.Ordinal);

    // The calls on a monitor with a baseline and a window that was computed.
    private static readonly HashSet<string> WatchedCalls = new(
        [
            "put a baseline into force", "set how something is watched", "post a part of a new window", "post another part of a window", "post a known part", "post labels", "a page of windows", "a page of monitors",
            "the latest result", "the result of a window", "a page of results", "a page of the history of a drift metric", "the open alerts of a version", "look for what changed of all that is watched",
            "compute a window for a part", "compute a window for labels",
        ], StringComparer.Ordinal);

    public static TheoryData<string> Documented => [.. Table().Keys];

    [Fact]
    public void Every_call_is_documented() => Assert.Equal(Calls.Keys.Order(StringComparer.Ordinal), Table().Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task A_call_costs_what_the_table_says(string name)
    {
        var (warm, cold, lost) = Table()[name];

        var measured = await Task.WhenAll(((Start[])(lost == "-" ? [Start.Warm, Start.Cold] : [Start.Warm, Start.Cold, Start.Lost])).Select(start => MeasureAsync(name, start)));
        Assert.Equal($"{warm} / {cold} / {lost}", string.Join(" / ", [.. measured.Select(static count => $"{count}"), .. lost == "-" ? (string[])["-"] : []]));
    }

    // A call that took longer than the client waits for one answer has asked for it again: that is not what it costs, so it is measured once more.
    private async Task<long> MeasureAsync(string name, Start start)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (count, took) = await MeasureOnceAsync(name, start);
            if (took < StorageClients.Patience || attempt is 3)
            {
                return count;
            }
        }
    }

    private async Task<(long Count, TimeSpan Took)> MeasureOnceAsync(string name, Start start)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var experiment = (await store.Experiments.CreateAsync(new NewExperiment("patterns", null, []), Ct)).Value;
        var run = await store.CreateRunAsync(experiment.Id);
        await Calls["log points by a message that came before"](store, run);
        Done(await store.Lineage.LogInputsAsync(await store.CreateRunAsync(), [Known], [], Ct));
        Done(await store.Versions.RegisterAsync(Of("known", "s3://b"), Ct));
        if (name is "get the environment of a run" or "judge whether a run can be run again")
        {
            await DescribeAsync(store, run);
        }
        Done(await store.Models.CreateAsync(new NewLoggedModel(experiment.Id, "n") { IdempotencyKey = ModelKey }, Ct));
        Tokens[store.Prefix] = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);
        await Calls["know a caller by an API token"](store, run);
        await Calls["comment on something"](store, run);
        Done(await store.Views.PutAsync(run.Experiment, View, Saved, null, Ct));
        await Calls["search an experiment"](store, run);
        await PutAsync(store, run, "first", "bytes");
        await store.RegisterAsync("model", 1);
        await store.AddVersionAsync("model", "s3://b", new Tag("large", new string('x', 100_000)));
        Done(await store.Aliases.SetAsync("model", "champion", 1, MoveTerms.None, Ct));
        Done(await store.Aliases.TransitionAsync("model", 1, ModelStage.Production, false, MoveTerms.None, Ct));
        await Calls["search models or versions"](store, run);
        if (Governed.Contains(name))
        {
            await GovernAsync(store);
        }
        if (Ruled.Contains(name) || Triggered.Contains(name))
        {
            store.TriggerDispatcher.Dispose();
            await store.SetRuleAsync(Rule);
        }
        if (Triggered.Contains(name))
        {
            await Calls["judge a window that fires"](store, run);
            Fired[store.Prefix] = Assert.Single(await store.TriggersAsync()).Id;
        }
        if (WatchedCalls.Contains(name))
        {
            await WatchAsync(store, name);
        }
        await using var other = await store.AnotherAsync();
        if (start is Start.Lost)
        {
            Done(await other.Aliases.SetAsync("model", "champion", 2, MoveTerms.None, Ct));
            Done(await other.Runs.LogAsync(run, Logs.Point("loss", 2, 2), Ct));
            Done(await other.Models.SetTagsAsync(Model(run), [new Tag("other", "was here")], Ct));
        }
        var began = store.Time.GetTimestamp();
        var count = await Instance.CountAsync(() => Calls[name](start is Start.Cold ? other : store, run));
        return (count, store.Time.GetElapsedTime(began));
    }

    private static Dictionary<string, (string Warm, string Cold, string Lost)> Table()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ARCHITECTURE.md")).SkipWhile(static line => !line.StartsWith("| call |", StringComparison.Ordinal)).Skip(2).TakeWhile(static line => line.StartsWith('|'));
        return lines.Select(static line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(static cells => cells[1], static cells => (cells[^4], cells[^3], cells[^2]), StringComparer.Ordinal);
    }

    private static FoundSubject Of(RunId run) => new(new CommentSubject.OfRun(run), null);

    private static Registration Of(string digest, string location) => new("artifact", ArtifactType.Dataset, new ArtifactDigests(null, null, digest), location);

    private static async Task DescribeAsync(Instance store, RunId run) =>
        Done(await store.Environments.DescribeAsync(run, new EnvironmentContent { Packages = [new Tag("torch", "2.3.1")] }, new Launch { Seed = 20 }, Ct));
    // The model of the run's experiment: its key names it.
    private static LoggedModelId Model(RunId run) => LoggedModelId.Of(run.Experiment, 0, ModelKey);

    private static ArtifactPath PathOf(RunId run, string name) => ArtifactPath.Parse($"{run.Experiment}/{run}/artifacts/{name}").Value;

    private static async Task PutAsync(Instance store, RunId run, string name, string bytes) =>
        Done(await store.Artifacts.PutAsync(PathOf(run, name), BinaryData.FromString(bytes).ToStream(), new DeclaredContent(Size: bytes.Length), Ct));

    private static async Task ReadAsync(Instance store, StoredFile? file)
    {
        await using var content = store.Artifacts.Open(file!);
        await content.CopyToAsync(Stream.Null, Ct);
    }

    private static async Task WatchAsync(Instance store, string name)
    {
        Done(await store.Watching.SetOptionsAsync(Watching.Found, Watching.Labelled, null, Ct));
        await store.PostBaselineAsync(Watching.Rows(0, 50, Watching.Monday));
        await store.PostAsync(Watching.Rows(0, 40, Watching.Monday), Watching.Monday);
        await store.DriftTimer.RunAsync(Ct);
        if (name == "compute a window for a part")
        {
            await store.PostAsync(Watching.Rows(500, 40, Watching.Monday), Watching.Monday.AddDays(1));
        }
        if (name == "compute a window for labels")
        {
            await store.LabelAsync("new", Watching.Labels(0, 40, predictedAt: Watching.Monday));
        }
    }

    // A holder, version 1, and what may replace it, version 2; version 3 has a file.
    private static async Task GovernAsync(Instance store)
    {
        await store.RegisterByAuthorAsync(2);
        Done(await store.ModelVersions.CreateAsync(Governing.Model, new NewModelVersion("store:/models/a"), Ct));
        await store.PutFileAsync("models/a/weights", "bytes");
        await store.EvaluateAsync(1, 0.95);
        await store.EvaluateAsync(2, 0.96);
        Done(await store.SayAsync("ann", 1));
        Done(await store.SayAsync("ann", 2));
        await store.SetPolicyAsync(
            """{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":1},"evaluations":"accuracy >= 0.9 on holdout","notWorseThanHolder":{"metric":"accuracy","dataset":"holdout"}}}}""");
        Done(await store.PromoteAsync(1));
    }

    private static async Task CompareAsync(Instance store)
    {
        var model = await store.ModelAsync(Governing.Model);
        var (of, with) = (await store.Evaluations.MeasurementsAsync(model.Number, 2, null, Ct), await store.Evaluations.MeasurementsAsync(model.Number, 1, null, Ct));
        Assert.Single(MetricComparison.Compare(of, with, await store.Policies.DirectionsAsync(model, Ct)));
    }

    private static async Task LookAsync(Instance store, string subject) => Done(await store.Live.ReadAsync(subject, null, Ct));

    private static void Done<T>(Result<T> result) => Assert.True(result.IsOk, result.Failure?.Detail);

    private enum Start
    {
        Warm,
        Cold,
        Lost,
    }
}
