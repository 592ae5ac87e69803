using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Models;

public sealed class OriginTests(AzuriteFixture azurite)
{
    private const string Commit = "0123456789012345678901234567890123456789";
    private static readonly string Md5 = new('a', 32);
    private static readonly string Sha256 = new('b', 64);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_origin_has_all_that_is_known_and_does_not_change_with_the_run()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (run, logged) = await TrainAsync(store);
        await store.RegisterAsync("model");

        var version = Value(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { LoggedModel = logged }, Ct)).Version;
        Value(await store.Runs.LogAsync(run, new RunLog([new MetricPoint("acc", 0.1, 9, 9)], [new Tag("late", "1")], []), Ct));
        Value(await store.Runs.ChangeAsync(run, new RunUpdate(RunStatus.Failed, DateTimeOffset.UnixEpoch, "renamed"), Ct));
        Value(await store.Runs.DeleteAsync(run, Ct));
        Value(await store.Models.DeleteAsync(logged, Ct));

        Assert.Equal(run, version.Run);
        var origin = (await store.Origins.FindAsync(1, 1, Ct))!;
        Assert.Equal(("run", "someone", "Running", false), (origin.Run!.Name, origin.Run.User, origin.Run.Status, origin.Run.Deleted));
        Assert.Equal((Commit, "https://host/x"), (origin.Code!.Commit, origin.Code.Remote));
        Assert.NotNull(origin.Environment!.Digest);
        Assert.Equal([new Tag("lr", "0.1")], origin.Params);
        Assert.Equal([new OriginMetric("acc", 0.9, 1, 1), new OriginMetric("nan", double.NaN, 1, 1)], origin.Metrics);
        Assert.Equal(("forest", 1), (origin.LoggedModel!.Name, origin.LoggedModel.ParamCount));
        Assert.Equal(
            [("files", 1L, null, Sha256, "s3://files"), ("train", 1L, Md5, null, "s3://train")],
            origin.Datasets.OrderBy(static dataset => dataset.Name, StringComparer.Ordinal).Select(static dataset => (dataset.Name, dataset.Version!.Value, dataset.Md5, dataset.Sha256, dataset.Location)));
        Assert.Empty(origin.Missing);
    }

    [Fact]
    public async Task A_copy_has_the_origin_of_what_it_copies()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (run, _) = await TrainAsync(store);
        await store.RegisterAsync("model");
        await store.RegisterAsync("other");
        var first = Value(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Run = run }, Ct));
        Value(await store.Runs.DeleteAsync(run, Ct));

        var copy = Value(await store.ModelVersions.CreateAsync("other", new NewModelVersion("copy") { CopyOf = first }, Ct)).Version;

        var origin = (await store.Origins.FindAsync(2, 1, Ct))!;
        Assert.Equal((run, "s3://b"), (copy.Run, copy.Location));
        Assert.Equal((new OriginCopy(1, "model", 1), Commit, false), (origin.CopiedFrom, origin.Code!.Commit, origin.Run!.Deleted));
        Assert.IsType<Failure.Invalid>((await store.ModelVersions.CreateAsync("other", new NewModelVersion("copy") { CopyOf = first, Run = await store.CreateRunAsync() }, Ct)).Failure);
    }

    [Fact]
    public async Task What_is_not_known_is_said()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterAsync("model");

        await store.AddVersionAsync("model");
        Value(await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Run = await store.CreateRunAsync() }, Ct));

        Assert.Equal(["run: none is known"], (await store.Origins.FindAsync(1, 1, Ct))!.Missing);
        Assert.Equal(["code: no commit is recorded", "environment: none is recorded", "datasets: none is recorded"], (await store.Origins.FindAsync(1, 2, Ct))!.Missing);
        Assert.IsType<Failure.NotFound>((await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { Run = RunId.New(default, 0, DateTimeOffset.UnixEpoch) }, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.ModelVersions.CreateAsync("model", new NewModelVersion("s3://b") { LoggedModel = LoggedModelId.New(default, 0, DateTimeOffset.UnixEpoch) }, Ct)).Failure);
    }

    private static async Task<(RunId Run, LoggedModelId Model)> TrainAsync(Instance store)
    {
        var run = await store.CreateRunAsync();
        Value(await store.Runs.LogAsync(run, new RunLog(
            [new MetricPoint("acc", 0.9, 1, 1), new MetricPoint("nan", double.NaN, 1, 1)], [new Tag("lr", "0.1")], [new Tag("commit", Commit), new Tag("remote", "https://user:secret@host/x")]), Ct));
        Value(await store.Environments.DescribeAsync(run, new EnvironmentContent { Packages = [new Tag("torch", "2.3.1")] }, new Launch { Seed = 20 }, Ct));
        Value(await store.Lineage.LogInputsAsync(run, [new DatasetInput("train", Md5, "s3", "s3://train", null, null, [new Tag("context", "training")])], [], Ct));
        Value(await store.Versions.RegisterAsync(new Registration("files", ArtifactType.Dataset, new ArtifactDigests(null, Sha256, null), "s3://files"), (run, UseDirection.Used, null), Ct));
        var model = Value(await store.Models.CreateAsync(new NewLoggedModel(ExperimentId.Default, "forest") { SourceRunId = run.ToString(), Params = [new Tag("depth", "3")] }, Ct));
        return (run, model.Id);
    }
}
