using System.Globalization;
using ServerlessMeta.Live;

namespace ServerlessMeta.Monitoring;

/// <summary>Tells whoever follows what is watched that something was computed: an operation for each of the 16 partitions.</summary>
internal static class MonitoringLive
{
    private const string Subject = "monitoring";
    private static readonly string[] Columns = ["RowKey", "Timestamp", MovedRow.Name];

    public static LiveSource SourceOf(MonitoringTable table)
    {
        var list = new LiveList(Event);
        return new LiveSource
        {
            Subject = Subject,
            LookAsync = async (_, since, ct) =>
            {
                var parts = await Task.WhenAll(MonitoringKeys.AllPartitions.Select(partition => table.ListAsync(partition, MonitoringKeys.AllMoved, Columns, ct)));
                return list.Look(
                    [
                        .. parts.SelectMany(static rows => rows).Select(static row =>
                        (
                            row.RowKey,
                            Event(row.Timestamp!.Value.UtcTicks.ToString("x", CultureInfo.InvariantCulture)) with { Data = row.GetString(MovedRow.Name) is { Length: > 0 } monitor ? new LiveData(monitor) : null })),
                    ], since);
            },
            IsOfAll = true,
        };
    }

    private static LiveEvent Event(string position) => new("drift.computed.v1", Subject, position);
}
