using System.Globalization;

namespace ServerlessMeta.Audit;

/// <summary>A place among the entries by time of many partitions: by time, then kind, partition and row.</summary>
internal sealed record ByTimePlace(string Time, string Kind, string Partition, string RowKey, int Line) : IComparable<ByTimePlace>
{
    public string Write() => string.Join('\n', Kind, Partition, RowKey, Line.ToString(CultureInfo.InvariantCulture));

    public static ByTimePlace? Read(string text) =>
        text.Split('\n') is [var kind, var partition, var rowKey, var line] && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && AuditKeys.IsEntry(AuditKeys.EntryOf(rowKey))
            ? new ByTimePlace(AuditKeys.TimeOf(rowKey), kind, partition, rowKey, at)
            : null;

    /// <summary>Where a partition's entries go on behind a place that may be another's; null: from the start.</summary>
    public static string? From(ByTimePlace? place, string kind, string partition) => place is null ? null : Order(kind, partition, place.Kind, place.Partition) switch
    {
        < 0 => AuditKeys.AtTime(place.Time, behind: true),
        0 => place.RowKey,
        _ => AuditKeys.AtTime(place.Time, behind: false),
    };

    public bool IsAt(ByTimePlace other) => Kind == other.Kind && Partition == other.Partition && RowKey == other.RowKey;

    public int CompareTo(ByTimePlace? other)
    {
        if (other is null)
        {
            return 1;
        }
        var byTime = string.CompareOrdinal(Time, other.Time);
        var byPlace = byTime != 0 ? byTime : Order(Kind, Partition, other.Kind, other.Partition);
        return byPlace != 0 ? byPlace : string.CompareOrdinal(RowKey, other.RowKey);
    }

    private static int Order(string kind, string partition, string otherKind, string otherPartition) =>
        string.CompareOrdinal(kind, otherKind) is not 0 and var byKind ? byKind : string.CompareOrdinal(partition, otherPartition);
}
