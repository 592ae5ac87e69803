using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Monitors without a model, in the order of their names: an operation for each of the 16 partitions.</summary>
internal sealed class MonitorList(MonitoringTable table)
{
    private const string Query = "monitors";

    public async Task<Result<Paged<MonitorView>>> ListAsync(int size, string? pageToken, CancellationToken ct)
    {
        var token = PageToken.Read(Query, pageToken);
        var range = MonitoringKeys.Monitors;
        if (!token.IsOk || (token.Value is { } given && !PageToken.IsWithin(given, range.From, range.Below)))
        {
            return new Failure.Invalid("pageToken", token.Failure?.Detail ?? PageToken.Elsewhere);
        }
        if (token.Value is { } last)
        {
            range.From = last + "~";
        }
        var parts = await Task.WhenAll(MonitoringKeys.AllPartitions.Select(async partition =>
        {
            var rows = new List<(string Key, MonitorView View)>();
            await foreach (var row in table.ReadAsync(partition, range, size + 1, null, ct))
            {
                var name = row.GetString("name");
                rows.Add((row.RowKey, new MonitorView(name, $"/api/v1/monitors/{Uri.EscapeDataString(name)}", row.GetDateTimeOffset("created")!.Value)));
                if (rows.Count > size)
                {
                    break;
                }
            }
            return rows;
        }));
        var found = parts.SelectMany(static part => part).OrderBy(static one => one.Key, StringComparer.Ordinal).Take(size + 1).ToList();
        return new Paged<MonitorView>([.. found.Take(size).Select(static one => one.View)], found.Count > size ? PageToken.Write(Query, found[size - 1].Key) : null);
    }
}
