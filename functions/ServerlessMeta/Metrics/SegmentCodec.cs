using ServerlessMeta.Platform;

namespace ServerlessMeta.Metrics;

/// <summary>
/// Packs points for good. A series is the points of one metric in history order: version, count, first and last timestamp (so that a page skips what
/// it does not need), then its times, or a mark that they are the row's shared times, then its values as byte planes.
/// Times are second differences of timestamp and step as byte planes: even spacing costs nothing. Metrics logged together have the same times,
/// which a segment row holds once.
/// </summary>
internal static class SegmentCodec
{
    private const byte Version = 1;
    private const byte OwnTimes = 0, SharedTimes = 1;

    public static byte[] EncodeTimes(ReadOnlySpan<StoredPoint> points)
    {
        var timestamps = new ulong[points.Length];
        var steps = new ulong[points.Length];
        long timestamp = 0, step = 0, timestampGap = 0, stepGap = 0;
        for (var i = 0; i < points.Length; i++)
        {
            unchecked
            {
                var gap = points[i].Timestamp - timestamp;
                timestamps[i] = Varint.Fold(gap - timestampGap);
                (timestamp, timestampGap) = (points[i].Timestamp, i == 0 ? 0 : gap);
                gap = points[i].Step - step;
                steps[i] = Varint.Fold(gap - stepGap);
                (step, stepGap) = (points[i].Step, i == 0 ? 0 : gap);
            }
        }
        return [.. PlaneCodec.Encode(timestamps), .. PlaneCodec.Encode(steps)];
    }

    /// <param name="points">In history order, at least one.</param>
    /// <param name="shared">The row's shared times; used when they are these points' times.</param>
    public static byte[] EncodeSeries(ReadOnlySpan<StoredPoint> points, ReadOnlySpan<byte> times, ReadOnlySpan<byte> shared)
    {
        var values = new ulong[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            values[i] = BitConverter.DoubleToUInt64Bits(points[i].Value);
        }
        Span<byte> head = stackalloc byte[2 + (3 * Varint.MaxSize)];
        head[0] = Version;
        var at = 1 + Varint.Write(head[1..], (ulong)points.Length);
        at += Varint.Write(head[at..], Varint.Fold(points[0].Timestamp));
        at += Varint.Write(head[at..], Varint.Fold(points[^1].Timestamp));
        var share = times.SequenceEqual(shared);
        head[at++] = share ? SharedTimes : OwnTimes;
        return [.. head[..at], .. share ? [] : times, .. PlaneCodec.Encode(values)];
    }

    public static SeriesRange ReadRange(ReadOnlySpan<byte> series)
    {
        if (series[0] != Version)
        {
            throw new InvalidDataException($"A series has the unknown version {series[0]}; newer code wrote it.");
        }
        series = series[1..];
        var count = (int)Varint.Read(ref series);
        return new SeriesRange(count, Varint.Unfold(Varint.Read(ref series)), Varint.Unfold(Varint.Read(ref series)));
    }

    public static void DecodeSeries(ReadOnlySpan<byte> series, ReadOnlySpan<byte> shared, List<StoredPoint> into)
    {
        var count = ReadRange(series).Count;
        series = series[1..];
        for (var skip = 0; skip < 3; skip++)
        {
            Varint.Read(ref series);
        }
        var own = series[0] == OwnTimes;
        series = series[1..];
        ulong[] timestamps, steps;
        if (own)
        {
            timestamps = PlaneCodec.Decode(ref series, count);
            steps = PlaneCodec.Decode(ref series, count);
        }
        else
        {
            timestamps = PlaneCodec.Decode(ref shared, count);
            steps = PlaneCodec.Decode(ref shared, count);
        }
        var values = PlaneCodec.Decode(ref series, count);
        into.EnsureCapacity(into.Count + count);
        long timestamp = 0, step = 0, timestampGap = 0, stepGap = 0;
        for (var i = 0; i < count; i++)
        {
            unchecked
            {
                var gap = timestampGap + Varint.Unfold(timestamps[i]);
                (timestamp, timestampGap) = (timestamp + gap, i == 0 ? 0 : gap);
                gap = stepGap + Varint.Unfold(steps[i]);
                (step, stepGap) = (step + gap, i == 0 ? 0 : gap);
            }
            into.Add(new StoredPoint(timestamp, step, BitConverter.UInt64BitsToDouble(values[i])));
        }
    }
}
