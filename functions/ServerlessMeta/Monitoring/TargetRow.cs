using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Monitoring;

/// <summary>What is watched, as a row. How long its longest window is, is no part of the record.</summary>
internal static class TargetRow
{
    private const int Schema = 1;
    private const string Longest = "longest";

    public static TableEntity From(Watched watched)
    {
        var row = new TableEntity(MonitoringKeys.Partition(watched.Target), MonitoringKeys.Target(watched.Target))
        {
            ["v"] = Schema,
            ["model"] = watched.Target.Model,
            ["version"] = watched.Target.Version,
            ["name"] = watched.Target.Monitor ?? "",
            ["options"] = JsonSerializer.Serialize(OptionsView.Of(watched.Options), MonitoringJson.Relaxed.OptionsView),
            ["revision"] = watched.Revision,
            ["created"] = watched.CreatedAt,
            ["updated"] = watched.UpdatedAt,
            [Longest] = (long)watched.Longest.TotalMilliseconds,
        };
        if (watched.Baseline is { } baseline)
        {
            BaselineRow.Write(row, baseline);
        }
        return row;
    }

    public static Watched To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Row '{row.RowKey}' of what is watched has an unknown version; newer code wrote it.")
        : new Watched
        {
            Target = row.GetString("name") is { Length: > 0 } monitor ? MonitorTarget.Of(monitor) : MonitorTarget.Of(row.GetInt64("model")!.Value, row.GetInt32("version")!.Value),
            Options = JsonSerializer.Deserialize(row.GetString("options"), MonitoringJson.Relaxed.OptionsView)!.ToOptions(),
            Baseline = BaselineRow.Of(row),
            Revision = row.GetInt64("revision")!.Value,
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            Longest = TimeSpan.FromMilliseconds(row.GetInt64(Longest) ?? 0),
        };

    /// <summary>That a longer window came.</summary>
    public static TableEntity LongestOf(MonitorTarget target, TimeSpan longest) =>
        new(MonitoringKeys.Partition(target), MonitoringKeys.Target(target)) { [Longest] = (long)longest.TotalMilliseconds };

    /// <summary>The digest of what the row records.</summary>
    public static string DigestOf(TableEntity row) => row.RowKey.StartsWith(MonitoringKeys.Targets.From, StringComparison.Ordinal) ? RowDigest.Of(row, static property => property != Longest) : RowDigest.Of(row);

    /// <summary>A monitor without a model, in the order of names.</summary>
    public static TableEntity Listed(MonitorTarget target, DateTimeOffset at) => new(MonitoringKeys.Partition(target), MonitoringKeys.Monitor(target, target.Monitor!)) { ["name"] = target.Monitor, ["created"] = at };

    /// <summary>How audit entries name what is watched.</summary>
    public static string ObjectOf(MonitorTarget target) => string.Create(CultureInfo.InvariantCulture, $"{MonitoringFeature.AuditKind}:{target.Key}");
}
