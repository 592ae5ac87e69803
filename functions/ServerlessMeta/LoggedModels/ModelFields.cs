using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>Reads fields of logged models.</summary>
internal static class ModelFields
{
    /// <summary>A metric's value is that of its latest point by (timestamp, step, value) among those measured on one of the datasets; on any when there are none.</summary>
    public static double? Number(LoggedModel model, Field field, ImmutableArray<DatasetFilter> on) => field switch
    {
        { Kind: FieldKind.Metric } => Latest(model, field.Key, on),
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.CreatedAt } => model.CreatedAt.ToUnixTimeMilliseconds(),
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.UpdatedAt } => model.UpdatedAt.ToUnixTimeMilliseconds(),
        _ => null,
    };

    public static string? Text(LoggedModel model, Field field, Func<LoggedModelStatus, string> status) => field switch
    {
        { Kind: FieldKind.Param } => Find(model.Params, field.Key),
        { Kind: FieldKind.Tag } => Find(model.Tags, field.Key),
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.Id } => model.Id.ToString(),
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.Name } => model.Name,
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.Type } => model.Type,
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.Status } => status(model.Status),
        { Kind: FieldKind.Attribute, Key: LoggedModelFields.SourceRunId } => model.SourceRunId,
        _ => null,
    };

    public static bool IsOn(ModelMetric metric, ImmutableArray<DatasetFilter> datasets) => datasets.IsEmpty || datasets.Any(dataset => dataset.Holds(metric));

    private static double? Latest(LoggedModel model, string key, ImmutableArray<DatasetFilter> on)
    {
        Metrics.StoredPoint? latest = null;
        foreach (var metric in model.Metrics)
        {
            var point = new Metrics.StoredPoint(metric.Point.Timestamp, metric.Point.Step, metric.Point.Value);
            if (metric.Point.Key == key && (latest is not { } last || point.CompareTo(last) > 0) && IsOn(metric, on))
            {
                latest = point;
            }
        }
        return latest?.Value;
    }

    private static string? Find(ImmutableArray<Tag> fields, string key)
    {
        foreach (var field in fields)
        {
            if (field.Key == key)
            {
                return field.Value;
            }
        }
        return null;
    }
}
