using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>What was computed last of a target: one row for each, so that whoever follows all of them reads few.</summary>
internal static class MovedRow
{
    public const string Name = "name";

    public static TableEntity From(MonitorTarget target, WindowResult result) => new(MonitoringKeys.Partition(target), MonitoringKeys.Moved(target))
    {
        [Name] = target.Monitor ?? "",
        ["window"] = result.Window,
        ["revision"] = result.Revision,
    };
}
