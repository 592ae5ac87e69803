using System.Collections.Immutable;
using ServerlessMeta.Metrics;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary>Reads and checks what runs log.</summary>
internal static class RunRules
{
    /// <summary>The tags of a list; the tag that names the run comes apart. Of equal keys the last wins.</summary>
    public static ImmutableArray<Tag> TagsOf(string list, MlflowRequest request, out string? runName)
    {
        var tags = new Dictionary<string, Tag>(StringComparer.Ordinal);
        var items = request.Body.List(list, request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var tag = TagOf(items[i], $"{list}[{i}].", request);
            tags[tag.Key] = tag;
        }
        runName = tags.Remove(Rules.NameTag, out var name) ? name.Value : null;
        return [.. tags.Values];
    }

    public static Tag TagOf(JsonFields fields, string path, MlflowRequest request)
    {
        var key = fields.Required("key", path + "key", request);
        Rules.CheckKey(key, path + "key", request);
        return new Tag(key, Rules.Cut(fields.Text("value", path + "value", request) ?? "", Rules.TagLength));
    }

    public static Tag ParamOf(JsonFields fields, string path, MlflowRequest request)
    {
        var key = fields.Required("key", path + "key", request);
        Rules.CheckKey(key, path + "key", request);
        return new Tag(key, Rules.Cut(fields.Text("value", path + "value", request) ?? "", Rules.ParamLength));
    }

    public static MetricPoint PointOf(JsonFields fields, string path, MlflowRequest request)
    {
        var key = fields.Required("key", path + "key", request);
        Rules.CheckKey(key, path + "key", request);
        var value = fields.Value("value", path + "value", request);
        var timestamp = fields.Int("timestamp", path + "timestamp", request);
        if (value is null)
        {
            request.Refuse(MlflowError.Missing(path + "value"));
        }
        if (timestamp is null)
        {
            request.Refuse(MlflowError.Missing(path + "timestamp"));
        }
        return new MetricPoint(key, value ?? 0, timestamp ?? 0, fields.Int("step", path + "step", request) ?? 0);
    }
}
