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
        Assert.Equal((sorted[0], sorted[^1]), (edges[0], edges[^1]));
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
