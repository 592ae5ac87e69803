using System.Globalization;
using System.Runtime.InteropServices;
using Azure.Data.Tables;

namespace ServerlessMeta.Metrics;

/// <summary>Segment rows: the points of up to 100 metrics (a group), a property each, so that one metric's history is read by selecting one property.</summary>
internal static class Segments
{
    public const int GroupSize = 100;
    public const string SharedTimes = "a";
    private const int Schema = 1;
    private const int PropertyBytes = 60 * 1024;
    private const int RowBytes = 900 * 1024;

    public static int GroupOf(int ordinal) => ordinal / GroupSize;

    public static string Series(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"x{ordinal}");

    /// <summary>The rows (without keys) that hold these points of one group; each point once, each series in history order.</summary>
    public static List<TableEntity> Pack(IEnumerable<KeyedPoint> points)
    {
        var series = points.GroupBy(static point => point.Ordinal).OrderBy(static metric => metric.Key)
            .Select(static metric => (Ordinal: metric.Key, Points: Sort(metric))).ToList();
        // A property takes at least 2,500 points whatever they are (24 bytes each), and most often 6,000.
        return Pack(series, 6000) ?? Pack(series, 2400)!;
    }

    /// <summary>Sorted in history order, each point once.</summary>
    public static StoredPoint[] Sort(IEnumerable<KeyedPoint> points)
    {
        var sorted = points.Select(static point => point.Point).ToList();
        Deduplicate(sorted);
        return [.. sorted];
    }

    public static void Deduplicate(List<StoredPoint> points)
    {
        points.Sort();
        var kept = 0;
        for (var i = 0; i < points.Count; i++)
        {
            if (i == 0 || !points[i].Equals(points[kept - 1]))
            {
                points[kept++] = points[i];
            }
        }
        CollectionsMarshal.SetCount(points, kept);
    }

    private static List<TableEntity>? Pack(List<(int Ordinal, StoredPoint[] Points)> series, int perProperty)
    {
        var rows = new List<TableEntity>();
        for (var from = 0; series.Exists(metric => metric.Points.Length > from); from += perProperty)
        {
            var layer = series.Where(metric => metric.Points.Length > from)
                .Select(metric => (metric.Ordinal, Points: metric.Points[from..Math.Min(metric.Points.Length, from + perProperty)]))
                .Select(static metric => (metric.Ordinal, metric.Points, Times: SegmentCodec.EncodeTimes(metric.Points))).ToList();
            var shared = layer.GroupBy(static metric => Convert.ToBase64String(metric.Times), StringComparer.Ordinal)
                .Where(static times => times.Skip(1).Any()).OrderByDescending(static times => times.Count()).FirstOrDefault()?.First().Times ?? [];
            var row = NewRow(shared);
            var bytes = shared.Length;
            foreach (var metric in layer)
            {
                var packed = SegmentCodec.EncodeSeries(metric.Points, metric.Times, shared);
                if (packed.Length > PropertyBytes || shared.Length > PropertyBytes)
                {
                    return null;
                }
                if (bytes + packed.Length > RowBytes)
                {
                    rows.Add(row);
                    (row, bytes) = (NewRow(shared), shared.Length);
                }
                row[Series(metric.Ordinal)] = packed;
                bytes += packed.Length;
            }
            rows.Add(row);
        }
        return rows;
    }

    private static TableEntity NewRow(byte[] shared)
    {
        var row = new TableEntity { ["v"] = Schema };
        if (shared.Length > 0)
        {
            row[SharedTimes] = shared;
        }
        return row;
    }
}
