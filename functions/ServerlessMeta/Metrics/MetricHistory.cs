using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Metrics;

/// <summary>Reads what a metric was over time: the run's row with its tail first, then the segments, so that a spill in between repeats points and never loses one.</summary>
public sealed class MetricHistory
{
    // So many properties are named in one query.
    private const int MetricsAtOnce = 50;

    private readonly StorageClients storage;
    private readonly RunReader runs;

    internal MetricHistory(StorageClients storage, RunReader runs) => (this.storage, this.runs) = (storage, runs);

    /// <summary>
    /// The points of one metric of a run in the order (timestamp, step, value, isNaN), each once; empty when the run has no such metric.
    /// <paramref name="max"/> null: all of them. Two operations a page, one when nothing was spilled.
    /// </summary>
    public async Task<Result<Paged<MetricPoint>>> ListAsync(RunId run, string key, int? max, string? pageToken, CancellationToken ct)
    {
        var query = $"history\n{run}\n{key}";
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        if (await runs.FindRowsAsync(run, null, ct) is not { } rows)
        {
            return new Failure.NotFound("Run", run.ToString());
        }
        var ordinal = RunRow.ToRecord(rows.Row, rows.Beside).OrdinalOf(key);
        if (ordinal < 0)
        {
            return new Paged<MetricPoint>([], null);
        }
        StoredPoint? after = token.Value is null ? null : ReadToken(token.Value);
        var limit = max ?? int.MaxValue;
        var points = await CollectAsync(run, ordinal, rows.Row, after, limit, ct);
        var more = points.Count > limit;
        var page = ImmutableArray.CreateBuilder<MetricPoint>(Math.Min(points.Count, limit));
        for (var i = 0; i < points.Count && i < limit; i++)
        {
            page.Add(new MetricPoint(key, points[i].Value, points[i].Timestamp, points[i].Step));
        }
        return new Paged<MetricPoint>(page.MoveToImmutable(), more ? PageToken.Write(query, WriteToken(points[limit - 1])) : null);
    }

    /// <summary>
    /// The points of several metrics of a run from a moment on; of those that the run has, in the order in which they are named. One operation, and when points were spilled one for each 50 metrics
    /// of a group.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="keys">The names of the metrics.</param>
    /// <param name="since">Unix milliseconds; the least number: all.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Result<ImmutableArray<MetricSeries>>> ReadAsync(RunId run, IReadOnlyCollection<string> keys, long since, CancellationToken ct)
    {
        if (await runs.FindRowsAsync(run, null, ct) is not { } rows)
        {
            return new Failure.NotFound("Run", run.ToString());
        }
        var record = RunRow.ToRecord(rows.Row, rows.Beside);
        var wanted = keys.Distinct(StringComparer.Ordinal).Select(key => (Key: key, Ordinal: record.OrdinalOf(key))).Where(static metric => metric.Ordinal >= 0).ToList();
        var found = wanted.ToDictionary(static metric => metric.Ordinal, static _ => new List<StoredPoint>());
        AddTail(rows.Row, found);
        if (IsSpilled(rows.Row))
        {
            foreach (var some in found.Keys.GroupBy(Segments.GroupOf).SelectMany(static group => group.Order().Chunk(MetricsAtOnce)))
            {
                await AddSegmentsAsync(run, some, since, found, ct);
            }
        }
        return wanted.Select(metric => SeriesOf(metric.Key, found[metric.Ordinal], since)).ToImmutableArray();
    }

    /// <summary>The points of all metrics of a run when they stand in its row, which costs one operation; null when more would have to be read, or when there is no such run.</summary>
    public async Task<ImmutableArray<MetricSeries>?> FindWholeAsync(RunId run, CancellationToken ct)
    {
        if (await runs.FindRowsAsync(run, null, ct) is not { } rows || IsSpilled(rows.Row))
        {
            return null;
        }
        var record = RunRow.ToRecord(rows.Row, rows.Beside);
        var keys = record.Latest.SelectMany(static chunk => LatestTable.Decode(chunk)).Select(static metric => metric.Key).ToList();
        var ordinals = keys.Select(record.OrdinalOf).ToList();
        var found = ordinals.ToDictionary(static ordinal => ordinal, static _ => new List<StoredPoint>());
        AddTail(rows.Row, found);
        return keys.Select((key, at) => SeriesOf(key, found[ordinals[at]], long.MinValue)).ToImmutableArray();
    }

    private static bool IsSpilled(TableEntity row) => (row.GetInt32("seq") ?? 0) > 0;

    private static void AddTail(TableEntity row, Dictionary<int, List<StoredPoint>> into)
    {
        var tail = new List<KeyedPoint>();
        foreach (var property in RunRow.TailOf(row))
        {
            TailCodec.Decode(property, tail);
        }
        foreach (var point in tail)
        {
            if (into.TryGetValue(point.Ordinal, out var points))
            {
                points.Add(point.Point);
            }
        }
    }

    private async Task AddSegmentsAsync(RunId run, int[] ordinals, long since, Dictionary<int, List<StoredPoint>> into, CancellationToken ct)
    {
        var (from, below) = RunKeys.Segments(run, Segments.GroupOf(ordinals[0]));
        await foreach (var row in storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {RunKeys.Partition(run)} and RowKey ge {from} and RowKey lt {below}"),
            1000, ["RowKey", Segments.SharedTimes, .. ordinals.Select(Segments.Series)], ct))
        {
            foreach (var ordinal in ordinals)
            {
                if (row.GetBinary(Segments.Series(ordinal)) is { } packed && SegmentCodec.ReadRange(packed).To >= since)
                {
                    SegmentCodec.DecodeSeries(packed, row.GetBinary(Segments.SharedTimes) ?? [], into[ordinal]);
                }
            }
        }
    }

    private static MetricSeries SeriesOf(string key, List<StoredPoint> points, long since)
    {
        Segments.Deduplicate(points);
        return new MetricSeries(key, [.. points.Where(point => point.Timestamp >= since).Select(point => new MetricPoint(key, point.Value, point.Timestamp, point.Step))]);
    }

    // Series in the order in which they begin; decoded one after another until the page cannot change any more.
    private async Task<List<StoredPoint>> CollectAsync(RunId run, int ordinal, TableEntity row, StoredPoint? after, int limit, CancellationToken ct)
    {
        var points = new List<StoredPoint>();
        AddTail(row, new Dictionary<int, List<StoredPoint>> { [ordinal] = points });
        var series = !IsSpilled(row) ? [] : await ReadSeriesAsync(run, ordinal, after, ct);
        foreach (var (range, packed, shared) in series)
        {
            // What lies before this series' beginning is final.
            if (points.Count > limit && Settled(points, after, range.From) > limit)
            {
                break;
            }
            SegmentCodec.DecodeSeries(packed, shared, points);
        }
        Segments.Deduplicate(points);
        if (after is { } last)
        {
            points.RemoveAll(point => point.CompareTo(last) <= 0);
        }
        return points;
    }

    private static int Settled(List<StoredPoint> points, StoredPoint? after, long before)
    {
        Segments.Deduplicate(points);
        return points.Count(point => point.Timestamp < before && (after is not { } last || point.CompareTo(last) > 0));
    }

    private async Task<List<(SeriesRange Range, byte[] Packed, byte[] Shared)>> ReadSeriesAsync(RunId run, int ordinal, StoredPoint? after, CancellationToken ct)
    {
        var property = Segments.Series(ordinal);
        var (from, below) = RunKeys.Segments(run, Segments.GroupOf(ordinal));
        var series = new List<(SeriesRange Range, byte[] Packed, byte[] Shared)>();
        await foreach (var row in storage.Runs.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {RunKeys.Partition(run)} and RowKey ge {from} and RowKey lt {below}"),
            1000, ["RowKey", property, Segments.SharedTimes], ct))
        {
            if (row.GetBinary(property) is { } packed && SegmentCodec.ReadRange(packed) is var range && (after is null || range.To >= after.Value.Timestamp))
            {
                series.Add((range, packed, row.GetBinary(Segments.SharedTimes) ?? []));
            }
        }
        series.Sort(static (x, y) => x.Range.From.CompareTo(y.Range.From));
        return series;
    }

    private static string WriteToken(StoredPoint point) => string.Create(CultureInfo.InvariantCulture,
        $"{point.Timestamp}|{point.Step}|{BitConverter.DoubleToInt64Bits(point.Value)}");

    private static StoredPoint ReadToken(string text)
    {
        var parts = text.Split('|');
        return new StoredPoint(Number(parts[0]), Number(parts[1]), BitConverter.Int64BitsToDouble(Number(parts[2])));
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
