using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.StorageTests.LoggedModels;

/// <summary>Calls on logged models as short as tests want them.</summary>
internal static class Modelling
{
    public static readonly FieldSchema Schema = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Attribute, "attributes"), new FieldPrefix(FieldKind.Metric, "metrics"), new FieldPrefix(FieldKind.Param, "params"), new FieldPrefix(FieldKind.Tag, "tags")],
        Attributes =
        [
            new FieldDefinition(LoggedModelFields.Name, FieldType.Text, "name"), new FieldDefinition(LoggedModelFields.Id, FieldType.Text, "model_id"), new FieldDefinition(LoggedModelFields.Type, FieldType.Text, "model_type"),
            new FieldDefinition(LoggedModelFields.Status, FieldType.Text, "status"), new FieldDefinition(LoggedModelFields.SourceRunId, FieldType.Text, "source_run_id"),
            new FieldDefinition(LoggedModelFields.CreatedAt, FieldType.Number, "created"), new FieldDefinition(LoggedModelFields.UpdatedAt, FieldType.Number, "updated"),
        ],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<LoggedModelId> CreateModelAsync(this Instance store, ExperimentId experiment = default, string name = "model", params ImmutableArray<Tag> tags) =>
        (await store.Models.CreateAsync(new NewLoggedModel(experiment, name) { Tags = tags }, Ct)).Value.Id;

    /// <summary>One point, logged for the run and for the model.</summary>
    public static Task<Result<RunInfo>> LogForAsync(this Instance store, RunId run, LoggedModelId model, string key, double value, long step, string? dataset = null, string? digest = null) =>
        store.LogForAsync(run, model, dataset, digest, new MetricPoint(key, value, step, step));

    public static Task<Result<RunInfo>> LogForAsync(this Instance store, RunId run, LoggedModelId model, string? dataset, string? digest, params MetricPoint[] points) => store.ModelLog.LogAsync(
        run, new RunLog([.. points], [], []), new Dictionary<LoggedModelId, ImmutableArray<ModelMetric>> { [model] = [.. points.Select(point => new ModelMetric(point, run, dataset, digest))] }, Ct);

    public static Task<Result<Paged<LoggedModel>>> SearchModelsAsync(
        this Instance store, ExperimentId[] within, string? filter, ImmutableArray<ModelOrder> order, int max = 1000, string? token = null, params ImmutableArray<DatasetFilter> datasets) =>
        store.ModelSearch.SearchAsync([.. within], new LoggedModelQuery(RecordQuery.Parse(filter, [], Schema).Value, order, datasets, static status => status.ToString()), max, token, Ct);

    public static ModelOrder By(string field, bool descending = false, string? dataset = null) => field.StartsWith("metrics.", StringComparison.Ordinal)
        ? new ModelOrder(new Field(FieldKind.Metric, field[8..]), descending, dataset is null ? null : new DatasetFilter(dataset, null))
        : new ModelOrder(new Field(FieldKind.Attribute, field), descending, null);
}
