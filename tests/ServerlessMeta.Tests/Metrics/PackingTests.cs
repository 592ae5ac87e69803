using CsCheck;
using ServerlessMeta.Metrics;

namespace ServerlessMeta.Tests.Metrics;

public sealed class PackingTests
{
    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.Double, Gen.Const(new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.Epsilon, double.MaxValue }).SelectMany(static some => Gen.Int[0, some.Length - 1].Select(i => some[i])), Gen.Int[0, 3].Select(static i => (double)i));

    private static readonly Gen<StoredPoint> Point = Gen.Select(Gen.OneOf(Gen.Long, Gen.Long[0, 5]), Gen.OneOf(Gen.Long, Gen.Long[-2, 2]), Value)
        .Select(static (timestamp, step, value) => new StoredPoint(timestamp, step, value));

    private static readonly Gen<KeyedPoint> Keyed = Gen.Select(Gen.Int[0, 250], Point).Select(static (ordinal, point) => new KeyedPoint(ordinal, point));

    [Fact]
    public void A_tail_gives_back_every_point_it_took() => Keyed.List[1, 300].Sample(static points =>
    {
        var found = new List<KeyedPoint>();
        foreach (var property in TailCodec.Encode(points))
        {
            Assert.InRange(property.Length, 1, TailCodec.PropertyBytes);
            TailCodec.Decode(property, found);
        }
        Assert.Equal(points.OrderBy(static point => point.Ordinal), found);
    });

    [Fact]
    public void A_series_gives_back_its_points_in_order_with_own_or_shared_times() => Gen.Select(Point.List[1, 400], Gen.Bool).Sample(static (points, share) =>
    {
        points.Sort();
        var times = SegmentCodec.EncodeTimes([.. points]);
        var packed = SegmentCodec.EncodeSeries([.. points], times, share ? times : []);
        var found = new List<StoredPoint>();
        SegmentCodec.DecodeSeries(packed, times, found);
        Assert.Equal(points, found);
        Assert.Equal(new SeriesRange(points.Count, points[0].Timestamp, points[^1].Timestamp), SegmentCodec.ReadRange(packed));
    });

    [Fact]
    public void Words_survive_their_byte_planes() => Gen.OneOf(Gen.ULong, Gen.ULong[0, 3]).Array[0, 2000].Sample(static words =>
    {
        ReadOnlySpan<byte> packed = PlaneCodec.Encode(words);
        Assert.Equal(words, PlaneCodec.Decode(ref packed, words.Length));
        Assert.True(packed.IsEmpty);
    });

    [Fact]
    public void Segment_rows_hold_each_point_of_a_group_once() => Keyed.List[1, 500].Sample(static points =>
    {
        var group = points.Select(static point => point with { Ordinal = point.Ordinal % Segments.GroupSize }).ToList();
        var found = new List<KeyedPoint>();
        foreach (var row in Segments.Pack([.. group, .. group]))
        {
            var shared = row.GetBinary(Segments.SharedTimes) ?? [];
            for (var ordinal = 0; ordinal < Segments.GroupSize; ordinal++)
            {
                if (row.GetBinary(Segments.Series(ordinal)) is { } series)
                {
                    var decoded = new List<StoredPoint>();
                    SegmentCodec.DecodeSeries(series, shared, decoded);
                    found.AddRange(decoded.Select(point => new KeyedPoint(ordinal, point)));
                }
            }
        }
        Assert.Equal(
            group.Distinct().OrderBy(static p => p.Ordinal).ThenBy(static p => p.Point),
            found.OrderBy(static p => p.Ordinal).ThenBy(static p => p.Point));
    });

    [Fact]
    public void A_property_of_the_wildest_points_stays_under_the_limit()
    {
        var random = new Random(7);
        var wild = Enumerable.Range(0, 20_000).Select(_ => new KeyedPoint(3, new StoredPoint(random.NextInt64(long.MinValue, long.MaxValue), random.NextInt64(long.MinValue, long.MaxValue), BitConverter.Int64BitsToDouble(random.NextInt64()))));

        Assert.All(Segments.Pack(wild), static row => Assert.All(row, static property => Assert.True(property.Value is not byte[] { Length: > 60 * 1024 })));
    }

    [Fact]
    public void Latest_is_the_maximum_by_step_then_timestamp_then_value() => Gen.Select(Point, Point).Sample(static (x, y) =>
    {
        var greater = (x.Step, x.Timestamp, double.IsNaN(x.Value) ? 0 : x.Value, double.IsNaN(x.Value)).CompareTo((y.Step, y.Timestamp, double.IsNaN(y.Value) ? 0 : y.Value, double.IsNaN(y.Value))) > 0;
        Assert.Equal(greater, x.Supersedes(y));
    });

    [Fact]
    public void A_repeated_NaN_is_one_point()
    {
        var points = new List<StoredPoint> { new(1, 1, double.NaN), new(1, 1, BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000001))), new(1, 1, 0.0), new(1, 1, -0.0) };

        Segments.Deduplicate(points);

        Assert.Equal(2, points.Count);
    }
}
