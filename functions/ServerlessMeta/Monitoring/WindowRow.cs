using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A window as a row: what it is, its newest result in brief, and what that was made from.</summary>
internal static class WindowRow
{
    private const int Schema = 1;

    /// <summary>A window without a result, as its first part makes it.</summary>
    public static TableEntity From(MonitorTarget target, MonitoredWindow window) => new(MonitoringKeys.Partition(target), MonitoringKeys.Window(target, window.Start, window.Id))
    {
        ["v"] = Schema,
        ["id"] = window.Id,
        ["start"] = window.Start,
        ["end"] = window.End,
        ["received"] = window.ReceivedAt,
    };

    /// <summary>What a result changes.</summary>
    public static TableEntity ResultOf(MonitorTarget target, MonitoredWindow window)
    {
        var row = new TableEntity(MonitoringKeys.Partition(target), MonitoringKeys.Window(target, window.Start, window.Id))
        {
            ["ip"] = window.Inputs!.Parts,
            ["il"] = window.Inputs.Labels,
            ["io"] = window.Inputs.Options,
            ["ib"] = window.Inputs.Baseline,
            ["ih"] = window.Inputs.Phase,
        };
        ResultRow.Write(row, window.Latest!);
        return row;
    }

    /// <summary>Who listens was told of a revision.</summary>
    public static TableEntity Told(MonitorTarget target, MonitoredWindow window, int revision) => new(MonitoringKeys.Partition(target), MonitoringKeys.Window(target, window.Start, window.Id)) { ["told"] = revision };

    public static MonitoredWindow To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Window row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new MonitoredWindow
        {
            Id = row.GetString("id"),
            Start = row.GetDateTimeOffset("start")!.Value,
            End = row.GetDateTimeOffset("end")!.Value,
            ReceivedAt = row.GetDateTimeOffset("received")!.Value,
            Latest = ResultRow.BriefOf(row),
            Inputs = row.GetString("ip") is { } parts ? new WindowInputs(parts, row.GetString("il"), row.GetString("io"), row.GetInt32("ib")!.Value, row.GetInt32("ih")!.Value) : null,
            Told = row.GetInt32("told") ?? 0,
        };
}
