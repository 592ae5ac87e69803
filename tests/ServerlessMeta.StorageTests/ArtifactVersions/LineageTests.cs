using System.Collections.Immutable;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.StorageTests.Search;

namespace ServerlessMeta.StorageTests.ArtifactVersions;

/// <summary>Datasets that runs log are versions of artifacts.</summary>
public sealed class LineageTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_logged_dataset_is_a_version_and_the_run_its_user()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        var schema = """{"columns":[{"name":"x","type":"long"}]}""";

        Assert.True((await store.Lineage.LogInputsAsync(
            run, [Dataset("train", "e8a1", "training") with { Schema = schema }, Dataset("test", Contents.Md5(1).ToUpperInvariant(), null), Dataset("all", Contents.Sha256(1), "eval")], [new ModelInput("m-1")], Ct)).IsOk);

        var train = Assert.Single(await store.VersionsAsync("train"));
        Assert.Equal(new ArtifactDigests(null, null, "e8a1"), train.Digests);
        Assert.Equal((ArtifactType.Dataset, "s3://bucket/train"), (train.Type, train.Locations.Single()));
        Assert.Equal(schema, (await store.VersionReader.FindVersionAsync("train", VersionReference.Latest, Ct)).Value.Schema);
        Assert.Equal(new ArtifactDigests(Contents.Md5(1), null, null), Assert.Single(await store.VersionsAsync("test")).Digests);
        Assert.Equal(new ArtifactDigests(null, Contents.Sha256(1), null), Assert.Single(await store.VersionsAsync("all")).Digests);
        Assert.Equal([new VersionUse("train", 1, run, UseDirection.Used, "training")], await store.UsesAsync("train", 1));
        Assert.Equal(
            ["all 1 eval", "test 1 ", "train 1 training"],
            (await store.VersionReader.ListOfRunAsync(run, 100, null, Ct)).Value.Items.Select(static use => $"{use.Name} {use.Number} {use.Context}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_registered_and_what_is_logged_meet_in_one_version()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (maker, reader) = (await store.CreateRunAsync(), await store.CreateRunAsync());
        await store.RegisterAsync(Contents.Content(1, "train", sha256: true, location: "s3://bucket/train") with { ProducedBy = maker });

        Assert.True((await store.Lineage.LogInputsAsync(reader, [Dataset("train", Contents.Md5(1), "training") with { Source = """{"uri":"s3://bucket/train"}""" }], [], Ct)).IsOk);

        var version = Assert.Single(await store.VersionsAsync("train"));
        Assert.Equal(["s3://bucket/train"], version.Locations);
        Assert.Equal([new VersionUse("train", 1, maker, UseDirection.Made, null), new VersionUse("train", 1, reader, UseDirection.Used, "training")], await store.UsesAsync("train", 1));
        Assert.Equal([new VersionUse("train", 1, maker, UseDirection.Made, null)], (await store.VersionReader.ListOfRunAsync(maker, 10, null, Ct)).Value.Items);
    }

    [Fact]
    public async Task A_dataset_may_have_the_name_of_a_model()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        await store.RegisterAsync(Contents.Content(1, "iris") with { Type = ArtifactType.Model });

        Assert.True((await store.Lineage.LogInputsAsync(run, [Dataset("iris", "d2", null)], [], Ct)).IsOk);

        Assert.Equal([2L, 1L], (await store.VersionsAsync("iris")).Select(static version => version.Number));
        Assert.Single(await store.UsesAsync("iris", 2));
    }

    [Fact]
    public async Task A_dataset_that_the_instance_knows_costs_one_operation_more()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var runs = await store.CreateRunsAsync(default, 3);
        ImmutableArray<DatasetInput> inputs = [Dataset("train", "d1", "training")];
        foreach (var run in runs)
        {
            Assert.True((await store.Runs.LogAsync(run, Logs.Point("m", 1, 1), Ct)).IsOk);
        }

        Assert.Equal(3, await Instance.CountAsync(() => store.Lineage.LogInputsAsync(runs[0], inputs, [], Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => store.Lineage.LogInputsAsync(runs[1], inputs, [], Ct)));
        Assert.Equal(4, await Instance.CountAsync(() => store.Lineage.LogInputsAsync(runs[2], [Dataset("train", "d1", "training") with { Source = "s3://elsewhere" }], [], Ct)));
        Assert.Equal(2, Assert.Single(await store.VersionsAsync("train")).Locations.Length);
    }

    [Fact]
    public async Task Upkeep_records_what_a_crash_left_before_the_run_cools()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (run, plain) = (await store.CreateRunAsync(), await store.CreateRunAsync());
        var large = Dataset("large", "d9", "training") with { Profile = new string('x', 100_000) };
        Assert.True((await store.Runs.LogInputsAsync(run, [Dataset("train", "d1", "training"), large], [], Ct)).IsOk);
        Assert.Empty(await store.VersionsAsync("train"));
        await using var upkeep = await store.AnotherAsync();

        await upkeep.Upkeep.RunAsync(Ct);

        Assert.Equal([new VersionUse("train", 1, run, UseDirection.Used, "training")], await store.UsesAsync("train", 1));
        Assert.Equal(["s3://bucket/large"], Assert.Single(await store.VersionsAsync("large")).Locations);
        Assert.All([run, plain], cooled => Assert.False(store.Table.GetEntity<Azure.Data.Tables.TableEntity>(RunKeys.Partition(cooled), RunKeys.Run(cooled), cancellationToken: Ct).Value.GetBoolean("hot")));
    }

    [Fact]
    public async Task A_large_input_whose_blob_is_gone_is_recorded_without_its_location()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Assert.True((await store.Runs.LogInputsAsync(run, [Dataset("large", "d9", "training") with { Profile = new string('x', 100_000) }], [], Ct)).IsOk);
        await foreach (var blob in store.Storage.Inputs.GetBlobsAsync(cancellationToken: Ct))
        {
            await store.Storage.Inputs.DeleteBlobAsync(blob.Name, cancellationToken: Ct);
        }

        await store.Upkeep.RunAsync(Ct);

        Assert.Empty(Assert.Single(await store.VersionsAsync("large")).Locations);
        Assert.Equal([new VersionUse("large", 1, run, UseDirection.Used, "training")], await store.UsesAsync("large", 1));
    }

    [Fact]
    public async Task An_outage_of_the_artifacts_keeps_only_the_runs_hot_that_need_them()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (run, plain) = (await store.CreateRunAsync(), await store.CreateRunAsync());
        Assert.True((await store.Runs.LogInputsAsync(run, [Dataset("train", "d1", "training")], [], Ct)).IsOk);
        await using var upkeep = await store.AnotherAsync(new OutageOf("artifacts"));

        await upkeep.Upkeep.RunAsync(Ct);

        Assert.Equal([true, false], ((RunId[])[run, plain]).Select(one =>
            store.Table.GetEntity<Azure.Data.Tables.TableEntity>(RunKeys.Partition(one), RunKeys.Run(one), cancellationToken: Ct).Value.GetBoolean("hot")!.Value));
    }

    [Fact]
    public async Task A_schema_that_comes_later_is_added_by_an_instance_that_knows_the_version()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        foreach (var schema in (string?[])[null, """{"columns":[]}""", null])
        {
            Assert.True((await store.Lineage.LogInputsAsync(await store.CreateRunAsync(), [Dataset("train", "d1", null) with { Schema = schema }], [], Ct)).IsOk);
        }

        Assert.Equal("""{"columns":[]}""", (await store.VersionReader.FindVersionAsync("train", VersionReference.Latest, Ct)).Value.Schema);
    }

    [Theory]
    [InlineData("https://token@host/data.csv", "https://host/data.csv")]
    [InlineData("""{"uri":"https://a.blob.core.windows.net/c/b?sv=1&sig=secret"}""", "https://a.blob.core.windows.net/c/b")]
    public async Task A_location_is_kept_without_its_secrets(string source, string location)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        Assert.True((await store.Lineage.LogInputsAsync(await store.CreateRunAsync(), [Dataset("train", "d1", null) with { Source = source }], [], Ct)).IsOk);

        Assert.Equal([location], Assert.Single(await store.VersionsAsync("train")).Locations);
    }

    [Fact]
    public async Task Upkeep_pays_nothing_for_runs_without_inputs_and_changes_nothing_that_is_recorded()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var plain = await store.CreateRunAsync();
        var quiet = await Instance.CountAsync(() => store.Upkeep.RunAsync(Ct));
        Assert.True((await store.Runs.LogAsync(plain, Logs.Point("m", 1, 1), Ct)).IsOk);
        var without = await Instance.CountAsync(() => store.Upkeep.RunAsync(Ct));
        Assert.True((await store.Lineage.LogInputsAsync(plain, [Dataset("train", "d1", "training")], [], Ct)).IsOk);
        var before = Contents.Shown(Assert.Single(await store.VersionsAsync("train")));

        var with = await Instance.CountAsync(() => store.Upkeep.RunAsync(Ct));

        Assert.Equal(quiet, without);
        Assert.Equal(without + 2, with);
        Assert.Equal(before, Contents.Shown(Assert.Single(await store.VersionsAsync("train"))));
        Assert.Equal(1, Assert.Single(await store.VersionsAsync("train")).Revision);
    }

    [Fact]
    public async Task A_run_whose_repair_fails_stays_hot_until_it_succeeds()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var run = await store.CreateRunAsync();
        Assert.True((await store.Runs.LogInputsAsync(run, [Dataset("train", "d1", "training")], [], Ct)).IsOk);
        for (var n = 4; n <= 7; n++)
        {
            var faults = new FaultPolicy(afterEffect: false, retries: 2);
            await using var faulty = await store.AnotherAsync(faults);

            faults.Arm(n);
            await Record.ExceptionAsync(() => faulty.Upkeep.RunAsync(Ct));

            var hot = store.Table.GetEntity<Azure.Data.Tables.TableEntity>(RunKeys.Partition(run), RunKeys.Run(run), cancellationToken: Ct).Value.GetBoolean("hot") is true;
            Assert.True(hot || (await store.UsesAsync("train", 1)).Length == 1);
        }
        await store.Upkeep.RunAsync(Ct);

        Assert.Single(await store.UsesAsync("train", 1));
    }

    private sealed class OutageOf(string table) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            message.Request.Uri.Path.Contains(table, StringComparison.Ordinal) ? throw new RequestFailedException(0, "The connection was cut.") : ProcessNextAsync(message, pipeline);
    }

    private static DatasetInput Dataset(string name, string digest, string? context) =>
        new(name, digest, "s3", $"s3://bucket/{name}", null, null, context is null ? ImmutableArray<Tag>.Empty : [new Tag("context", context), new Tag("other", "x")]);
}
