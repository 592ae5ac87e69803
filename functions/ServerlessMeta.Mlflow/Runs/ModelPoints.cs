using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary>The points of one call that name a logged model, by model.</summary>
internal sealed class ModelPoints(RunId run)
{
    private Dictionary<LoggedModelId, ImmutableArray<ModelMetric>.Builder>? found;

    public bool IsEmpty => found is null;

    public void Add(MetricPoint point, JsonFields fields, string path, MlflowRequest request)
    {
        if (fields.Text("model_id", path + "model_id", request) is not { Length: > 0 } text)
        {
            return;
        }
        var model = Rules.LoggedModelOf(text, request);
        var dataset = Limited(fields, "dataset_name", Rules.DatasetNameLength, path, request);
        var digest = Limited(fields, "dataset_digest", Rules.DatasetDigestLength, path, request);
        if (request.IsFaulty)
        {
            return;
        }
        found ??= [];
        if (!found.TryGetValue(model, out var metrics))
        {
            found[model] = metrics = ImmutableArray.CreateBuilder<ModelMetric>();
        }
        metrics.Add(new ModelMetric(point, run, dataset, digest));
    }

    public Dictionary<LoggedModelId, ImmutableArray<ModelMetric>> ByModel() => (found ?? []).ToDictionary(static pair => pair.Key, static pair => pair.Value.ToImmutable());

    private static string? Limited(JsonFields fields, string name, int length, string path, MlflowRequest request)
    {
        var text = fields.Text(name, path + name, request);
        Rules.CheckLength(text ?? "", length, path + name, request);
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
