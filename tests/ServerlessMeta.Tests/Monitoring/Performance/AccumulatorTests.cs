using System.Globalization;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Tests.Monitoring.Performance;

public sealed class AccumulatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double[-10, 10], Gen.Int[-3, 3].Select(static i => (double)i), Gen.Double, Gen.Select(Gen.Double[-1, 1], Gen.Int[-1070, 900]).Select(static (x, power) => Math.ScaleB(x, power)));

    private static readonly Gen<double> Score = Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 100].Select(static i => i / 100.0));

    private static readonly Gen<JoinedPrediction> Classified = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Score, Gen.Int[0, 5]).Select(static (label, prediction, score, missing) => new JoinedPrediction(
        "id", Start, missing == 0 ? null : Text(prediction), missing == 1 ? null : score, missing == 2 ? null : Text(label), Start));

    private static readonly Gen<JoinedPrediction> Measured = Gen.Select(Number, Number).Select(static (label, prediction) => new JoinedPrediction("id", Start, Text(prediction), null, Text(label), Start));

    [Fact]
    public void A_sum_has_the_same_bits_in_any_order_and_split() => Gen.Select(Number.Array[0, 60], Gen.Int[0, 1000]).Sample(static (numbers, seed) =>
    {
        var (whole, left, right) = (new ExactSum(), new ExactSum(), new ExactSum());
        Array.ForEach(numbers, whole.Add);
        foreach (var (x, i) in Shuffled(numbers, seed).Select(static (x, i) => (x, i)))
        {
            (i % 3 == 0 ? left : right).Add(x);
        }
        right.Merge(left);
        Assert.Equal(whole.Read(), right.Read());
    });

    [Fact]
    public void A_sum_is_rounded_once()
    {
        var sum = new ExactSum();
        foreach (var x in new[] { 1e100, 1, -1e100, 1e-20, 3, -1e-20 })
        {
            sum.Add(x);
        }

        Assert.Equal((4, 0), sum.Read());

        var ties = new ExactSum();
        foreach (var x in new[] { 1, Math.ScaleB(1, -53), Math.ScaleB(1, -106) })
        {
            ties.Add(x);
        }

        Assert.Equal(Math.BitIncrement(1.0), ties.Read().High);
    }

    [Fact]
    public void A_spread_of_large_numbers_keeps_its_digits()
    {
        var spread = new Spread();
        foreach (var x in new[] { 4.0, 7, 13, 16 })
        {
            spread.Add(1e12 + x);
        }

        Assert.Equal(1e12 + 10, spread.Mean);
        Assert.Equal(30, spread.Variance!.Value, 1e-9);
    }

    [Fact]
    public void Classes_merge_in_any_order_to_the_same_bits() => Gen.Select(Classified.Array[0, 80], Gen.Int[0, 1000], Gen.Bool).Sample(static (rows, seed, isBinary) =>
    {
        var schema = isBinary ? Some.Binary : Some.Multiclass;
        ClassAccumulator[] parts = [new(schema), new(schema), new(schema), new(schema)];
        foreach (var one in rows)
        {
            parts[0].Add(one);
        }
        foreach (var (one, i) in Shuffled(rows, seed).Select(static (one, i) => (one, i)))
        {
            parts[1 + i % 3].Add(one);
        }
        parts[2].Merge(parts[3]);
        parts[2].Merge(parts[1]);

        Assert.Equal(Flat(ClassMeasures.Of(parts[0], schema.Task)), Flat(ClassMeasures.Of(parts[2], schema.Task)));
        Assert.Equal(parts[0].Histogram.Grid(), parts[2].Histogram.Grid());
        Assert.Equal(parts[0].Unread, parts[2].Unread);
    });

    [Fact]
    public void Numbers_merge_in_any_order_to_the_same_bits() => Gen.Select(Measured.Array[0, 60], Gen.Int[0, 1000]).Sample(static (rows, seed) =>
    {
        NumberAccumulator[] parts = [new(), new(), new()];
        foreach (var one in rows)
        {
            parts[0].Add(one);
        }
        foreach (var (one, i) in Shuffled(rows, seed).Select(static (one, i) => (one, i)))
        {
            parts[1 + i % 2].Add(one);
        }
        parts[2].Merge(parts[1]);

        Assert.Equal(Flat(NumberMeasures.Of(parts[0])), Flat(NumberMeasures.Of(parts[2])));
    });

    [Fact]
    public void Measures_are_finite_and_within_their_bounds() => Gen.Select(Classified.Array[0, 40], Measured.Array[0, 40], Gen.Bool).Sample(static (classes, numbers, isBinary) =>
    {
        var schema = isBinary ? Some.Binary : Some.Multiclass;
        var (first, second) = (new ClassAccumulator(schema), new NumberAccumulator());
        Array.ForEach(classes, first.Add);
        Array.ForEach(numbers, second.Add);

        foreach (var one in ClassMeasures.Of(first, schema.Task).Concat(NumberMeasures.Of(second)))
        {
            Assert.All(new[] { one.Value, one.Low, one.High, one.Error }.OfType<double>(), static x => Assert.True(double.IsFinite(x)));
            Assert.Equal(one.Value is null, one.Reason is not null);
            if (one.Low is { } low && one.High is { } high)
            {
                Assert.InRange(one.Value!.Value, low - 1e-9 * Math.Abs(low), high + 1e-9 * Math.Abs(high));
            }
        }
    });

    [Fact]
    public void The_grid_counts_what_a_threshold_does() => Gen.Select(Score, Gen.Bool).Array[0, 50].Sample(static rows =>
    {
        var histogram = new ScoreHistogram();
        Array.ForEach(rows, row => histogram.Add(row.Item1, row.Item2));

        var grid = histogram.Grid();

        Assert.Equal(101, grid.Count);
        Assert.All(grid, one => Assert.Equal(
            (rows.LongCount(row => row.Item2 && row.Item1 >= one.Threshold), rows.LongCount(row => !row.Item2 && row.Item1 >= one.Threshold), (long)rows.Length),
            (one.TruePositives, one.FalsePositives, one.TruePositives + one.FalsePositives + one.FalseNegatives + one.TrueNegatives)));
    });

    [Fact]
    public void The_area_is_that_of_all_pairs_and_bins_are_near_it() => Gen.Select(Score, Gen.Bool).Array[2, 60].Sample(static rows =>
    {
        var (positives, negatives) = (rows.Where(static row => row.Item2).ToList(), rows.Where(static row => !row.Item2).ToList());
        var area = Ranking.RocAuc([.. rows.OrderByDescending(static row => row.Item1)]);
        var histogram = new ScoreHistogram();
        Array.ForEach(rows, row => histogram.Add(row.Item1, row.Item2));
        if (positives.Count == 0 || negatives.Count == 0)
        {
            Assert.Null(area);
            Assert.Null(histogram.RocAuc());
            return;
        }

        var pairs = positives.SelectMany(_ => negatives, static (one, other) => one.Item1 > other.Item1 ? 1 : one.Item1 == other.Item1 ? 0.5 : 0).Average();

        Assert.Equal(pairs, area!.Value, 1e-12);
        Assert.InRange(area.Value, histogram.RocAuc()!.Value.Value - histogram.RocAuc()!.Value.Bound - 1e-12, histogram.RocAuc()!.Value.Value + histogram.RocAuc()!.Value.Bound + 1e-12);
    });

    [Fact]
    public void Correlation_and_kappa_of_many_classes_agree_with_their_definitions()
    {
        var matrix = new ConfusionMatrix();
        foreach (var (actual, predicted, count) in new[] { ("a", "a", 13), ("a", "b", 2), ("a", "c", 1), ("b", "a", 3), ("b", "b", 20), ("b", "c", 4), ("c", "b", 6), ("c", "c", 9) })
        {
            matrix.Add(actual, predicted, count);
        }

        var totals = matrix.Totals();

        // By hand from the sums of rows (16, 27, 15) and columns (16, 28, 14): (42*58 - 1222)/sqrt((58^2-1236)(58^2-1210)), and (42/58 - 1222/3364)/(1 - 1222/3364).
        Assert.Equal((2436 - 1222) / Math.Sqrt((3364.0 - 1236) * (3364 - 1210)), totals.Mcc()!.Value, 1e-12);
        Assert.Equal((42 / 58.0 - 1222 / 3364.0) / (1 - 1222 / 3364.0), totals.Kappa()!.Value, 1e-12);
        Assert.Equal((13 / 16.0 + 20 / 27.0 + 9 / 15.0) / 3, totals.BalancedAccuracy()!.Value, 1e-12);
        Assert.Equal((26 / 32.0 + 40 / 55.0 + 18 / 29.0) / 3, totals.MacroF1()!.Value, 1e-12);
        Assert.Equal((13 / 16.0 + 20 / 28.0 + 9 / 14.0) / 3, totals.MacroPrecision()!.Value, 1e-12);
    }

    [Fact]
    public void Leaving_out_rows_gives_the_error_of_a_share()
    {
        var matrix = new ConfusionMatrix();
        matrix.Add("a", "a", 70);
        matrix.Add("a", "b", 30);

        var error = matrix.Totals().ErrorOf(static totals => (double)totals.Correct / totals.Count)!.Value;

        Assert.Equal(Math.Sqrt(0.7 * 0.3 / 99), error, 1e-12);
    }

    private static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);

    private static T[] Shuffled<T>(T[] rows, int seed)
    {
        var copy = (T[])rows.Clone();
        new Random(seed).Shuffle(copy);
        return copy;
    }

    /// <summary>Without the sums, which have no equality.</summary>
    private static IEnumerable<Measure> Flat(IEnumerable<Measure> measures) => measures.Select(static one => one with { Spread = null });
}
