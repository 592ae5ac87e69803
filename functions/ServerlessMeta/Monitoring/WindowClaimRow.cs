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
