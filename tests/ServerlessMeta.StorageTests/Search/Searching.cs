using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.StorageTests.Search;

/// <summary>Searches as short as tests want them.</summary>
internal static class Searching
{
    private static readonly FieldSchema Schema = new()
    {
        Prefixes =
        [
            new FieldPrefix(FieldKind.Attribute, "attributes"), new FieldPrefix(FieldKind.Metric, "metrics"), new FieldPrefix(FieldKind.Param, "params"),
            new FieldPrefix(FieldKind.Tag, "tags"), new FieldPrefix(FieldKind.Dataset, "datasets"), new FieldPrefix(FieldKind.Package, "packages"),
        ],
        Attributes =
        [
            new FieldDefinition(RunFields.Id, FieldType.Text, "run_id"), new FieldDefinition(RunFields.Name, FieldType.Text, "run_name"),
            new FieldDefinition(RunFields.UserId, FieldType.Text, "user_id"), new FieldDefinition(RunFields.Status, FieldType.Text, "status"),
            new FieldDefinition(RunFields.ArtifactLocation, FieldType.Text, "artifact_uri"),
            new FieldDefinition(RunFields.StartedAt, FieldType.Number, "start_time"), new FieldDefinition(RunFields.EndedAt, FieldType.Number, "end_time"),
        ],
        Datasets =
        [
            new FieldDefinition(RunFields.DatasetName, FieldType.Text, "name"), new FieldDefinition(RunFields.DatasetDigest, FieldType.Text, "digest"),
            new FieldDefinition(RunFields.DatasetContext, FieldType.Text, "context"),
        ],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Result<Paged<Run>>> PageAsync(
        this Instance store, ExperimentId[] within, string? filter, string? order, int max, string? token, StageFilter stages = StageFilter.Active) =>
        await store.Search.SearchAsync([.. within], RecordQuery.Parse(filter, order is null ? [] : [order], Schema).Value, Instance.Words, stages, max, token, Ct);

    public static async Task<ImmutableArray<Run>> RunsAsync(
        this Instance store, ExperimentId experiment, string? filter = null, string? order = null, StageFilter stages = StageFilter.Active)
    {
        var page = await store.PageAsync([experiment], filter, order, 10_000, null, stages);
        Assert.Null(page.Value.Next);
        return page.Value.Items;
    }

    public static async Task<RunId[]> IdsAsync(
        this Instance store, ExperimentId experiment, string? filter = null, string? order = null, StageFilter stages = StageFilter.Active) =>
        [.. (await store.RunsAsync(experiment, filter, order, stages)).Select(static run => run.Info.Id)];

    public static async Task<ExperimentId> CreateExperimentAsync(this Instance store, string name) =>
        (await store.Experiments.CreateAsync(new NewExperiment(name, null, []), Ct)).Value.Id;

    /// <summary>Runs named "run {i}", started i milliseconds after a fixed time, 16 at a time.</summary>
    public static async Task<RunId[]> CreateRunsAsync(this Instance store, ExperimentId experiment, int count, Func<int, ImmutableArray<Tag>>? tags = null)
    {
        var ids = new RunId[count];
        await store.Experiments.FindAsync(experiment, Ct);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct }, async (i, ct) =>
        {
            var wanted = new NewRun(experiment, $"run {i}", "someone", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + i), tags?.Invoke(i) ?? []);
            ids[i] = (await store.Runs.CreateAsync(wanted, ct)).Value.Info.Id;
        });
        return ids;
    }
}
