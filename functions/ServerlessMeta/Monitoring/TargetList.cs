namespace ServerlessMeta.Monitoring;

/// <summary>All that is watched: an operation for each of the 16 partitions.</summary>
internal sealed class TargetList(MonitoringTable table)
{
    /// <summary>What was changed last comes first.</summary>
    /// <param name="most">So many at most of each partition are looked at.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<List<Watched>> ListAsync(int most, CancellationToken ct)
    {
        var parts = await Task.WhenAll(MonitoringKeys.AllPartitions.Select(async partition =>
        {
            var found = new List<Watched>();
            await foreach (var row in table.ReadAsync(partition, MonitoringKeys.Targets, most, null, ct))
            {
                found.Add(TargetRow.To(row));
                if (found.Count == most)
                {
                    break;
                }
            }
            return found;
        }));
        return [.. parts.SelectMany(static part => part).OrderByDescending(static one => one.UpdatedAt).ThenBy(static one => one.Target.Key, StringComparer.Ordinal)];
    }
}
