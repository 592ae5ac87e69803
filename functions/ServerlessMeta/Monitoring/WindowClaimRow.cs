using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>The claim of a window's id: one id has one start and one end.</summary>
internal static class WindowClaimRow
{
    public static TableEntity From(MonitorTarget target, MonitoredWindow window) => new(MonitoringKeys.Partition(target), MonitoringKeys.Claim(target, window.Id))
    {
        ["id"] = window.Id,
        ["start"] = window.Start,
        ["end"] = window.End,
        ["received"] = window.ReceivedAt,
    };

    /// <summary>How many parts the window has, and how many predictions they have; of parts that come at the same moment one may not be counted.</summary>
    public static (int Parts, long Predictions) CountsOf(TableEntity? row) => (row?.GetInt32("parts") ?? 0, row?.GetInt64("predictions") ?? 0);

    /// <summary>What another part changes.</summary>
    public static TableEntity CountOf(MonitorTarget target, string window, int parts, long predictions) =>
        new(MonitoringKeys.Partition(target), MonitoringKeys.Claim(target, window)) { ["parts"] = parts, ["predictions"] = predictions };

    /// <summary>Null: the row claims another id.</summary>
    public static DateTimeOffset? StartOf(TableEntity row, string window) => row.GetString("id") == window ? row.GetDateTimeOffset("start") : null;

    public static MonitoredWindow To(TableEntity row) => new()
    {
        Id = row.GetString("id"),
        Start = row.GetDateTimeOffset("start")!.Value,
        End = row.GetDateTimeOffset("end")!.Value,
        ReceivedAt = row.GetDateTimeOffset("received")!.Value,
    };
}
