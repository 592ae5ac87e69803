using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>What the detectors of a target remember, as a row: text, compressed, in columns of 60 KiB.</summary>
internal static class DetectorRow
{
    private const int ColumnBytes = 60 * 1024;
    private const string Count = "n";

    public static TableEntity From(MonitorTarget target, string memory)
    {
        using var plain = new MemoryStream(Encoding.UTF8.GetBytes(memory));
        var chunks = Deflated.Pack(plain).Chunk(ColumnBytes).ToList();
        var row = new TableEntity(MonitoringKeys.Partition(target), MonitoringKeys.Detectors(target)) { [Count] = chunks.Count };
        for (var place = 0; place < chunks.Count; place++)
        {
            row[NameOf(place)] = chunks[place];
        }
        return row;
    }

    public static string To(TableEntity row) =>
        Encoding.UTF8.GetString(Deflated.Unpack([.. Enumerable.Range(0, row.GetInt32(Count)!.Value).SelectMany(place => row.GetBinary(NameOf(place)))]));

    private static string NameOf(int place) => string.Create(CultureInfo.InvariantCulture, $"m{place}");
}
