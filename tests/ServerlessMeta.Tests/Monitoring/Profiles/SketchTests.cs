using CsCheck;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class SketchTests
{
    [Fact]
    public void Kll_levels_have_the_references_capacities()
    {
        var one = DriftCases.Get("kll-cap");
        var (k, levels) = ((int)one.InputNumber("k"), (int)one.InputNumber("numLevels"));

        Assert.Equal(one.ExpectedIndices("capacityByHeight"), Enumerable.Range(0, levels).Select(height => KllSketch.LevelCapacity(k, height, levels)));
    }

    [Fact]
    public void Kll_rank_errors_are_the_references()
    {
        var one = DriftCases.Get("kll-eps");
        var k = one.InputNumbers("k");

        one.Matches("single", [.. k.Select(static k => KllSketch.RankError((int)k, ofMass: false))]);
        one.Matches("pmf", [.. k.Select(static k => KllSketch.RankError((int)k, ofMass: true))]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Kll_ranks_are_within_their_error_in_one_sketch_and_in_merged_ones(int seed)
    {
        const int Count = 60_000;
        var random = new Random(seed);
        var values = Enumerable.Range(0, Count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())).ToArray();
        var whole = new KllSketch(200, (ulong)seed);
        var parts = Enumerable.Range(0, 7).Select(part => new KllSketch(200, (ulong)part)).ToArray();
        for (var i = 0; i < Count; i++)
        {
            whole.Add(values[i]);
            parts[i % 7].Add(values[i]);
        }
        var merged = new KllSketch(200, 99);
        foreach (var part in parts)
        {
            merged.Merge(part);
        }
        Array.Sort(values);

        foreach (var sketch in new[] { whole, merged })
        {
            Assert.Equal((Count, values[0], values[^1]), (sketch.Count, sketch.Min, sketch.Max));
            Assert.InRange(sketch.Levels.Sum(static level => level.Count), 200, 700);
            var edges = QuantileEdges.Of(values, 64);
            var (exact, estimated) = (QuantileEdges.Count(values, edges).Counts, sketch.ToBins(edges).Counts);
            var (rank, off) = (0L, 0L);
            for (var i = 0; i < exact.Length; i++)
            {
                rank += estimated[i] - exact[i];
                off = Math.Max(off, Math.Abs(rank));
            }
            // 99 % of single ranks are within the error: of 64 together nearly all are within twice that.
            Assert.InRange(off / (double)Count, 0, 2 * KllSketch.RankError(200, ofMass: false));
        }
    }

    [Fact]
    public void Kll_bins_hold_a_frequent_value_apart()
    {
        var (sketch, random) = (new KllSketch(KllSketch.Usual, 1), new Random(1));
        for (var i = 0; i < 50_000; i++)
        {
            sketch.Add(i % 10 < 7 ? 0 : random.NextDouble() - 0.5);
        }

        var bins = sketch.ToBins(64);

        var zero = bins.Edges.IndexOf(0);
        Assert.Equal(double.Epsilon, bins.Edges[zero + 1]);
        Assert.InRange(bins.Counts[zero] / 50_000.0, 0.7 - KllSketch.RankError(KllSketch.Usual, ofMass: true), 0.7 + KllSketch.RankError(KllSketch.Usual, ofMass: true));
    }

    [Fact]
    public void Kll_is_exact_while_it_is_small()
    {
        var sketch = new KllSketch(KllSketch.Usual, 1);
        var values = Enumerable.Range(0, 1_000).Select(static i => (i * 37) % 1_000 / 8.0).ToArray();
        foreach (var value in values)
        {
            sketch.Add(value);
        }

        var sorted = values.Order().ToArray();
        var edges = QuantileEdges.Of(sorted, 10);

        Assert.Equal(QuantileEdges.Count(sorted, edges).Counts, sketch.ToBins(edges).Counts);
        Assert.Equal(1_000, sketch.ToBins(64).Total);
    }

    [Fact]
    public void Kll_of_the_same_seed_and_stream_is_the_same_and_goes_on_the_same_when_stored()
    {
        var (one, other) = (new KllSketch(64, 5), new KllSketch(64, 5));
        for (var i = 0; i < 5_000; i++)
        {
            one.Add(i * 7919 % 5_000);
            other.Add(i * 7919 % 5_000);
            if (i == 3_000)
            {
                other = KllSketch.Read(Stored(other.Write));
            }
        }

        Assert.Equal(one.Levels.Select(static level => level.Order().ToArray()), other.Levels.Select(static level => level.Order().ToArray()));
        Assert.Equal((one.Count, one.Min, one.Max), (other.Count, other.Min, other.Max));
    }

    [Fact]
    public void Dd_buckets_are_the_references()
    {
        var one = DriftCases.Get("ddsketch-map");
        var sketch = new DdSketch(one.InputNumber("alpha"));
        var indices = one.InputNumbers("values").Select(sketch.IndexOf).ToArray();

        one.Matches("gamma", sketch.Gamma);
        Assert.Equal(one.ExpectedIndices("index"), indices);
        one.Matches("representative", [.. indices.Select(sketch.ValueOf)]);
    }

    [Fact]
    public void Dd_quantiles_are_within_a_share_of_their_value() => Gen.Double[-1e6, 1e6].Where(static value => Math.Abs(value) > 1e-9).Array[1, 400].Sample(static values =>
    {
        var sketch = new DdSketch();
        foreach (var value in values)
        {
            sketch.Add(value);
        }
        Array.Sort(values);

        Assert.Equal(values.Length, sketch.Count);
        for (var i = 0; i < values.Length; i++)
        {
            var quantile = values.Length == 1 ? 0 : (double)i / (values.Length - 1);
            // The rank may be rounded to a neighbour.
            var near = values[Math.Max(0, i - 1)..Math.Min(values.Length, i + 2)];
            Assert.Contains(near, value => Math.Abs(sketch.Quantile(quantile)!.Value - value) <= 0.0100001 * Math.Abs(value));
        }
    });

    [Fact]
    public void Dd_sketches_merge_to_that_of_the_whole_in_any_order_and_come_back_from_bytes() => Gen.Select(Gen.Double.Where(double.IsFinite).Array[0, 200], Gen.Int[0, 200]).Sample((values, cut) =>
    {
        cut = Math.Min(cut, values.Length);
        var (whole, left, right, back) = (new DdSketch(), new DdSketch(), new DdSketch(), new DdSketch());
        foreach (var (value, at) in values.Select(static (value, at) => (value, at)))
        {
            whole.Add(value);
            (at < cut ? left : right).Add(value);
        }
        back.Merge(right);
        back.Merge(left);
        left.Merge(right);

        Assert.All(new[] { left, back, DdSketch.Read(Stored(whole.Write)) }, sketch =>
        {
            Assert.Equal(whole.Positive, sketch.Positive);
            Assert.Equal(whole.Negative, sketch.Negative);
            Assert.Equal(whole.Zeros, sketch.Zeros);
        });
        Assert.InRange(whole.Positive.Count, 0, DdSketch.MostBuckets);
    });

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(-1e308)]
    public void Dd_takes_what_a_double_holds(double value)
    {
        var sketch = new DdSketch();
        sketch.Add(value);

        Assert.True(double.IsFinite(sketch.Quantile(0.5)!.Value));
        Assert.Equal(1, sketch.Pieces(Math.Min(value, 0), Math.Max(value, 0)).Sum(static piece => piece.Times));
    }

    [Fact]
    public void Frequent_values_are_found_with_bounds() => Gen.Int[0, 300].Array[1, 3_000].Sample(static draws =>
    {
        // Small numbers are frequent.
        string[] keys = [.. draws.Select(static draw => (draw * draw * draw / 90_000).ToString(System.Globalization.CultureInfo.InvariantCulture))];
        var exact = keys.GroupBy(static key => key).ToDictionary(static group => group.Key, static group => (long)group.Count());
        var (whole, left, right) = (new SpaceSaving(32), new SpaceSaving(32), new SpaceSaving(32));
        foreach (var (key, at) in keys.Select(static (key, at) => (key, at)))
        {
            whole.Add(key);
            (at % 2 == 0 ? left : right).Add(key);
        }

        foreach (var table in new[] { whole, SpaceSaving.Merge(left, right), SpaceSaving.Merge(right, left), SpaceSaving.Read(Stored(whole.Write)) })
        {
            Assert.Equal(keys.Length, table.Total);
            Assert.All(table.Items, item => Assert.InRange(exact[item.Key], item.Count - item.Error, item.Count));
            Assert.All(exact.Where(pair => pair.Value > 2 * keys.Length / 32), pair => Assert.Contains(table.Items, item => item.Key == pair.Key));
        }
        Assert.Equal(SpaceSaving.Merge(left, right).Items, SpaceSaving.Merge(right, left).Items);
    });

    [Fact]
    public void Broken_sketches_are_refused() => Gen.Byte.Array[0, 60].Sample(static bytes =>
    {
        foreach (var read in new Action<PackedReader>[] { static from => KllSketch.Read(from), static from => DdSketch.Read(from), static from => SpaceSaving.Read(from) })
        {
            try
            {
                read(new PackedReader(new MemoryStream(bytes), 1_000));
            }
            catch (InvalidDataException)
            {
            }
        }
    });

    private static PackedReader Stored(Action<PackedWriter> write)
    {
        var to = new PackedWriter();
        write(to);
        return new PackedReader(new MemoryStream(to.Written.ToArray()), long.MaxValue);
    }
}
