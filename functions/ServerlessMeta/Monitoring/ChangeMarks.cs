using Azure;

namespace ServerlessMeta.Monitoring;

/// <summary>Takes away what was computed.</summary>
internal static class ChangeMarks
{
    /// <summary>Each alone: what was added since a mark was read gave it another ETag, and then it stays.</summary>
    public static async Task RemoveAsync(MonitoringTable table, MonitorTarget target, IEnumerable<ChangeMark> marks, CancellationToken ct)
    {
        foreach (var mark in marks)
        {
            try
            {
                await table.Client.DeleteEntityAsync(MonitoringKeys.Partition(target), mark.RowKey, mark.Tag, ct);
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412)
            {
                // Changed again, or done by another run.
            }
        }
    }
}
