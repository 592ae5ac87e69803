using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// All metrics of a result in the binary columns <c>m00</c> to <c>m31</c> of its row, those of a column of data together in one of them: so the history of a metric reads a thirty-second of each row.
/// In a column, compressed, one after the other: scope, name of the column, name of the metric, status, verdict, which numbers follow (a bit each), the numbers, the two counts. What does not fit a row
/// is marked in <c>mx</c>, a bit a column, and read from the result's blob.
/// </summary>
internal static class PackedMetrics
{
    public const string LeftOut = "mx";
    private const int Buckets = 32;
    private const int MostBytes = 60 * 1024;
    private const int MostBytesTogether = 700 * 1024;

    /// <summary>The name of the row's column that has the metrics of a column of data (empty: of no column).</summary>
    public static string ColumnOf(string column) => NameOf(BucketOf(column));

    public static void Write(TableEntity row, WindowResult result)
    {
        var buckets = new MemoryStream?[Buckets];
        foreach (var (scope, column, metric) in All(result))
        {
            Append(buckets[BucketOf(column)] ??= new MemoryStream(), scope, column, metric);
        }
        var (leftOut, together) = (0u, 0);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (buckets[bucket] is not { } content)
            {
                continue;
            }
            var packed = Deflated.Pack(content);
            if (packed.Length > MostBytes || together + packed.Length > MostBytesTogether)
            {
                leftOut |= 1u << bucket;
                continue;
            }
            together += packed.Length;
            row[NameOf(bucket)] = packed;
        }
        row[LeftOut] = (int)leftOut;
    }

    /// <summary>A metric in a row; and whether the row tells at all, or the result's blob has to be read.</summary>
    public static (MetricPoint? Point, bool IsTold) Find(TableEntity row, MetricScope scope, string column, string metric)
    {
        var bucket = BucketOf(column);
        if (((uint)(row.GetInt32(LeftOut) ?? 0) & (1u << bucket)) != 0)
        {
            return (null, false);
        }
        return (row.GetBinary(NameOf(bucket)) is { } packed ? Find(Deflated.Unpack(packed), scope, column, metric) : null, true);
    }

    /// <summary>The same of a result that was read.</summary>
    public static MetricPoint? Find(WindowResult result, MetricScope scope, string column, string metric) =>
        All(result).FirstOrDefault(one => one.Scope == scope && one.Column == column && one.Metric.Metric == metric).Metric is { } found ? MetricPoint.Of(found) : null;

    /// <summary>All metrics that a row holds, and whether those are all of the result's.</summary>
    public static (ImmutableArray<(MetricScope Scope, string Column, string Metric, MetricPoint Point)> Metrics, bool IsWhole) Read(TableEntity row)
    {
        var metrics = ImmutableArray.CreateBuilder<(MetricScope, string, string, MetricPoint)>();
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            ReadOnlySpan<byte> from = row.GetBinary(NameOf(bucket)) is { } packed ? Deflated.Unpack(packed) : [];
            while (from.Length > 0)
            {
                metrics.Add(Next(ref from));
            }
        }
        return (metrics.ToImmutable(), row.GetInt32(LeftOut) is null or 0);
    }

    private static IEnumerable<(MetricScope Scope, string Column, MetricResult Metric)> All(WindowResult result) =>
        result.Columns.SelectMany(static column => column.Metrics.Select(metric => (MetricScope.Column, column.Column, metric)))
            .Concat(result.Dataset.Select(static metric => (MetricScope.Dataset, "", metric)))
            .Concat(result.Performance.Select(static metric => (MetricScope.Performance, "", metric)))
            .Concat(result.Estimated.Select(static metric => (MetricScope.Estimated, "", metric)));

    private static int BucketOf(string column) => SHA256.HashData(Encoding.UTF8.GetBytes(column))[0] % Buckets;

    private static string NameOf(int bucket) => string.Create(CultureInfo.InvariantCulture, $"m{bucket:d2}");

    private static double?[] NumbersOf(MetricPoint point) => [point.Value, point.P, point.PLow, point.AdjustedP, point.Low, point.High, point.Threshold, point.Reference];

    private static void Append(MemoryStream to, MetricScope scope, string column, MetricResult metric)
    {
        var point = MetricPoint.Of(metric);
        var numbers = NumbersOf(point);
        to.WriteByte((byte)scope);
        Text(to, column);
        Text(to, metric.Metric);
        to.WriteByte((byte)point.Status);
        to.WriteByte((byte)point.Verdict);
        to.WriteByte((byte)Enumerable.Range(0, numbers.Length).Where(place => numbers[place] is not null).Sum(static place => 1 << place));
        Span<byte> eight = stackalloc byte[8];
        foreach (var number in numbers.OfType<double>())
        {
            BinaryPrimitives.WriteDoubleLittleEndian(eight, number);
            to.Write(eight);
        }
        Whole(to, (ulong)point.ReferenceCount);
        Whole(to, (ulong)point.CurrentCount);
    }

    private static MetricPoint? Find(ReadOnlySpan<byte> from, MetricScope scope, string column, string metric)
    {
        while (from.Length > 0)
        {
            var (itsScope, itsColumn, itsMetric, point) = Next(ref from);
            if (itsScope == scope && itsColumn == column && itsMetric == metric)
            {
                return point;
            }
        }
        return null;
    }

    private static (MetricScope Scope, string Column, string Metric, MetricPoint Point) Next(ref ReadOnlySpan<byte> from)
    {
        var scope = (MetricScope)from[0];
        from = from[1..];
        var (column, metric) = (Text(ref from), Text(ref from));
        var (status, verdict, there) = ((MetricStatus)from[0], (Verdict)from[1], from[2]);
        from = from[3..];
        var numbers = new double?[8];
        for (var place = 0; place < numbers.Length; place++)
        {
            if ((there & (1 << place)) != 0)
            {
                numbers[place] = BinaryPrimitives.ReadDoubleLittleEndian(from);
                from = from[8..];
            }
        }
        var (reference, current) = ((long)Varint.Read(ref from), (long)Varint.Read(ref from));
        return (scope, column, metric, new MetricPoint
        {
            Status = status,
            Verdict = verdict,
            Value = numbers[0],
            P = numbers[1],
            PLow = numbers[2],
            AdjustedP = numbers[3],
            Low = numbers[4],
            High = numbers[5],
            Threshold = numbers[6],
            Reference = numbers[7],
            ReferenceCount = reference,
            CurrentCount = current,
        });
    }

    private static void Text(MemoryStream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Whole(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static string Text(ref ReadOnlySpan<byte> from)
    {
        var length = (int)Varint.Read(ref from);
        var text = Encoding.UTF8.GetString(from[..length]);
        from = from[length..];
        return text;
    }

    private static void Whole(MemoryStream to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        to.Write(bytes[..Varint.Write(bytes, value)]);
    }
}
