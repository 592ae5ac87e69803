using System.Collections.Immutable;
using CsCheck;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class BinsTests
{
    [Fact]
    public void Counts_on_quantile_edges_are_the_references()
    {
        var one = DriftCases.Get("bounds-1");
        var a = one.A.Order().ToArray();

        var edges = QuantileEdges.Of(a, 16);
        var counter = new BinCounter(edges);
        counter.Add(one.B);

        Assert.Equal(one.InputNumbers("interiorEdges"), edges[1..^1].Select(static edge => edge), (x, y) => Math.Abs(x - y) < 1e-9);
        Assert.Equal(one.ExpectedNumbers("binCountsRef"), QuantileEdges.Count(a, edges).Counts.Select(static count => (double)count));
        var bins = counter.ToBins();
        var current = bins.Counts.Select(static count => (double)count).ToArray();
        // The reference leaves its outermost edges open.
        current[0] += bins.Below;
        current[^1] += bins.Above;
        Assert.Equal(one.ExpectedNumbers("binCountsCur"), current);
    }

    [Fact]
    public void Counting_finds_the_bin_of_each_value() => Gen.Select(Gen.Int[-50, 50].Array[1, 60], Gen.Int[-60, 60].Array[0, 200]).Sample((marks, whole) =>
    {
        double[] distinct = [.. marks.Distinct().Order().Select(static mark => mark / 4.0)];
        var edges = distinct.Length == 1 ? [distinct[0], distinct[0]] : distinct;
        double[] values = [.. whole.Select(static value => value / 4.0)];
        var counter = new BinCounter([.. edges]);

        counter.Add(values);

        var bins = counter.ToBins();
        Assert.Equal(values.Count(value => value < edges[0]), bins.Below);
        Assert.Equal(values.Count(value => value > edges[^1]), bins.Above);
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            Assert.Equal(values.Count(value => value >= edges[i] && (value < edges[i + 1] || (i == bins.Counts.Length - 1 && value == edges[i + 1]))), bins.Counts[i]);
        }
        Assert.Equivalent(bins, QuantileEdges.Count(values.Order().ToArray(), [.. edges]));
    });

    [Fact]
    public void Sorting_by_digits_sorts() => Gen.Select(Gen.Double.Where(double.IsFinite).Select(static value => value + 0.0).Array[4_097, 9_000], Gen.Double[-1, 1].Array[0, 5_000]).Sample(
        (wild, tame) =>
        {
            double[] values = [.. wild, .. tame.Select(static value => value + 0.0)];
            var expected = values.Order().ToArray();

            DoubleSort.Sort(values, new double[values.Length]);

            Assert.Equal(expected, values);
        },
        iter: 30);

    [Theory]
    [InlineData(1e308, 3)]
    [InlineData(double.Epsilon, 5)]
    [InlineData(-1e308, 64)]
    public void Edges_reach_from_the_least_to_the_greatest_value(double scale, int bins)
    {
        double[] sorted = [.. new[] { -1.7 * scale, -0.5 * scale, 0, 0, 0.3 * scale, scale, 1.2 * scale }.Order()];

        var edges = QuantileEdges.Of(sorted, bins);

        Assert.True(NumericBins.AreEdges(edges));
        Assert.Equal(sorted[0], edges[0]);
        // A greatest value that is frequent has a bin of its own, before the last one.
        Assert.InRange(edges[^1], sorted[^1], Math.BitIncrement(Math.BitIncrement(sorted[^1])));
        Assert.Equal(sorted.Length, QuantileEdges.Count(sorted, edges).Counts.Sum());
    }

    [Fact]
    public void A_constant_is_a_bin_of_itself()
    {
        var edges = QuantileEdges.Of([5, 5, 5], 64);
        var counter = new BinCounter(edges);
        counter.Add([4.999, 5, 5, 5.001, 6, 5]);

        Assert.Equal([5, 5], edges);
        Assert.Equal((1, 3, 2), (counter.ToBins().Below, counter.ToBins().Counts.Single(), counter.ToBins().Above));
    }

    [Theory]
    [InlineData(new[] { 0.0, 0, 0, 0.5, 2 }, new[] { 0, double.Epsilon, 0.5, 2 })]
    [InlineData(new[] { -1.0, 0, 0 }, new[] { -1, 0, double.Epsilon, 1e-323 })]
    [InlineData(new[] { 0.0, 1, 1, 3, 3, 3, 9 }, new[] { 0, 1, 1.0000000000000002, 3, 3.0000000000000004, 9 })]
    [InlineData(new[] { 1, 1, 1.0000000000000002, 1.0000000000000002, 2 }, new[] { 1, 1.0000000000000002, 1.0000000000000004, 2 })]
    [InlineData(new[] { 0, double.MaxValue, double.MaxValue }, new[] { 0, double.MaxValue })]
    [InlineData(new[] { 4.0, 4, 4 }, new[] { 4.0, 4 })]
    public void A_value_that_repeats_as_a_quantile_has_a_bin_of_its_own(double[] quantiles, double[] expected)
    {
        var edges = QuantileEdges.OfQuantiles(quantiles);

        Assert.Equal(expected, edges);
        Assert.True(NumericBins.AreEdges(edges));
    }

    [Fact]
    public void Frequent_values_are_counted_apart_by_all_ways_of_counting() => Gen.Select(Gen.OneOf(Gen.Const(0.0), Gen.Const(0.0), Gen.Const(7.5), Gen.Double[-3, 10]).Array[2, 300], Gen.Int[1, 64]).Sample((values, bins) =>
    {
        double[] sorted = [.. values.Order()];
        var edges = QuantileEdges.Of(sorted, bins);
        var counter = new BinCounter(edges);
        counter.Add(values);

        var counted = QuantileEdges.Count(sorted, edges);

        Assert.True(NumericBins.AreEdges(edges));
        Assert.InRange(edges.Length, 2, bins + 2);
        Assert.Equal((0, 0, sorted[0]), (counted.Below, counted.Above, edges[0]));
        Assert.InRange(edges[^1], sorted[^1], Math.BitIncrement(Math.BitIncrement(sorted[^1])));
        Assert.Equal(counted.Counts, counter.ToBins().Counts);
        foreach (var frequent in values.CountBy(static value => value).Where(one => sorted[0] < sorted[^1] && one.Value > (2.0 * (values.Length - 1) / bins) + 1))
        {
            var at = edges.IndexOf(frequent.Key);
            Assert.Equal((Math.BitIncrement(frequent.Key), frequent.Value), (edges[at + 1], counted.Counts[at]));
        }
    });

    [Fact]
    public void Splitting_leaves_a_frequent_value_in_its_bin()
    {
        ImmutableArray<double> edges = [0, double.Epsilon, 2, 5, Math.BitIncrement(5), 9];
        var counted = new NumericBins(edges, [700, 10, 20, 300, 5], 0, 0);

        var same = BinSplit.Split(BinSplit.Pieces(counted, 0, 9), edges);
        var moved = BinSplit.Split(BinSplit.Pieces(counted, 0, 9), [-1, 0, double.Epsilon, 5, Math.BitIncrement(5), 10]);
        var bucket = BinSplit.Split([(0, 0, 70), (4.95, 5.04, 30), (5.04, 5.2, 4)], edges);

        Assert.Equal(counted.Counts, same.Bins.Counts);
        Assert.Equal([0, 700, 30, 300, 5], moved.Bins.Counts);
        Assert.Equal([70, 0, 0, 30, 4], bucket.Bins.Counts);
        Assert.False(bucket.IsExact);
    }

    [Fact]
    public void Splitting_keeps_every_value_and_the_edges_that_both_have() => Gen.Select(Gen.Int[0, 40].Array[2, 30], Gen.Long[0, 1_000].Array[30], Gen.Int[0, 40].Array[2, 30]).Sample((marks, counts, wanted) =>
    {
        double[] from = [.. marks.Append(-1).Append(41).Distinct().Order().Select(static mark => (double)mark)];
        double[] to = [.. wanted.Append(-1).Append(41).Distinct().Order().Select(static mark => (double)mark)];
        var bins = new NumericBins([.. from], [.. Enumerable.Range(0, from.Length - 1).Select(i => counts[i % counts.Length])], 3, 4);

        var (split, isExact) = BinSplit.Split(BinSplit.Pieces(bins, -5, 50), [.. to]);

        Assert.Equal(bins.Total, split.Total);
        Assert.Equal((3, 4), (split.Below, split.Above));
        Assert.True(isExact || !to.All(edge => from.Contains(edge)));
        foreach (var edge in from.Intersect(to))
        {
            Assert.Equal(bins.Counts.Take(Array.IndexOf(from, edge)).Sum(), split.Counts.Take(Array.IndexOf(to, edge)).Sum());
        }
    });

    [Fact]
    public void Edges_are_named_by_their_bytes()
    {
        Assert.Equal(NumericBins.HashOf([1, 2.5]), new NumericBins([1, 2.5], [4], 0, 0).EdgesHash);
        Assert.Equal("1cf5dd40c72ff6ae".Length, NumericBins.HashOf([1, 2.5]).Length);
        Assert.NotEqual(NumericBins.HashOf([1, 2.5]), NumericBins.HashOf([1, 2.5000000000000004]));
    }
}
