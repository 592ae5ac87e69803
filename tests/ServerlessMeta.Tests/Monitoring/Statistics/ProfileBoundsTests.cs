using CsCheck;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class ProfileBoundsTests
{
    /// <summary>Numbers with gaps, ties, atoms and outliers.</summary>
    private static readonly Gen<double> AnyNumber = Gen.Frequency(
        (5, Gen.Double[-3, 3]), (3, Gen.Int[-4, 4].Select(static value => (double)value)), (2, Gen.Const(0.0)), (1, Gen.Double[-1000, 1000]), (1, Gen.Double[2.999, 3.001]));

    private static readonly Gen<double[]> AnyNumbers = AnyNumber.Array[2, 120];

    [Fact]
    public void Agree_with_the_reference()
    {
        var one = DriftCases.Get("bounds-1");
        double[] inner = one.InputNumbers("interiorEdges");
        var (a, b) = (one.A, one.B);

        var pair = BinPair.Of(ProfileOf.Numbers(a, [.. inner]), ProfileOf.Numbers(b, [.. inner]))!;
        var (low, high) = ProfileBounds.KolmogorovSmirnov(pair);
        var distance = ProfileBounds.Wasserstein(pair);

        one.Matches("binCountsRef", pair.Reference);
        one.Matches("binCountsCur", pair.Current);
        one.Matches("ksLo", low);
        one.Matches("ksHi", high);
        one.Matches("w1Interp", distance.Estimate);
        one.Matches("w1ErrBound", distance.Error);
        one.Matches("ksExact", KolmogorovSmirnov.Compare(PooledSamples.Of(a, b)).Statistic);
        one.Matches("w1Exact", Wasserstein.Distance(PooledSamples.Of(a, b)));
    }

    [Fact]
    public void Hold_for_any_values() => Gen.Select(AnyNumbers, AnyNumbers, Gen.Int[1, 70]).Sample(static (a, b, bins) => Holds(a, b, ProfileOf.Edges(a, bins)), iter: 5_000);

    [Fact]
    public void Hold_on_edges_of_a_third_sample() =>
        Gen.Select(AnyNumbers, AnyNumbers, AnyNumbers, Gen.Int[1, 20]).Sample(static (a, b, third, bins) => Holds(a, b, ProfileOf.Edges(third, bins)), iter: 3_000);

    [Fact]
    public void More_bins_are_never_less_certain_on_nested_edges() => Gen.Select(AnyNumbers, AnyNumbers).Sample(static (a, b) =>
    {
        var fine = ProfileOf.Edges(a, 32);
        var few = fine.Where((_, at) => at % 4 == 0 || at == fine.Length - 1).ToList();
        var (low, high) = ProfileBounds.KolmogorovSmirnov(BinPair.Of(ProfileOf.Numbers(a, fine), ProfileOf.Numbers(b, fine))!);
        var (lowest, highest) = ProfileBounds.KolmogorovSmirnov(BinPair.Of(ProfileOf.Numbers(a, [.. few]), ProfileOf.Numbers(b, [.. few]))!);

        return low >= lowest - 1e-12 && high <= highest + 1e-12;
    });

    [Fact]
    public void A_bin_of_one_number_hides_nothing()
    {
        double[] a = [0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
        double[] b = [0, 0, 0, 1, 1, 2, 2, 3, 3, 4];
        double[] edges = [0, Math.BitIncrement(0), 1, Math.BitIncrement(1), 2, Math.BitIncrement(2), 3, Math.BitIncrement(3), 4];

        var (low, high) = ProfileBounds.KolmogorovSmirnov(BinPair.Of(ProfileOf.Numbers(a, [.. edges]), ProfileOf.Numbers(b, [.. edges]))!);

        Assert.Equal(0.3, low, 1e-12);
        Assert.Equal(low, high, 1e-12);
    }

    [Fact]
    public void What_lies_outside_the_range_of_the_baseline_is_exact()
    {
        var a = new Random(1).Normals(500);
        double[] b = [.. a.Select(static value => value + 100)];
        var edges = ProfileOf.Edges(a);

        var bounds = ProfileBounds.KolmogorovSmirnov(BinPair.Of(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges))!);

        Assert.Equal((1, 1), bounds);
    }

    [Fact]
    public void Foreign_edges_are_split_evenly_and_lose_nothing()
    {
        var a = ProfileOf.Numbers([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]);
        var b = ProfileOf.Numbers([0.5, 0.5, 0.5, 0.5, 5], [0, 2]);

        var pair = BinPair.Of(a, b)!;

        Assert.True(pair.IsApproximate);
        Assert.Equal([0, 2, 2, 1.0 / 3, 1.0 / 3, 1.0 / 3], pair.Current, static (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal([0, 1, 1, 1, 2, 0], pair.Reference);
    }

    [Fact]
    public void Splitting_keeps_the_count() => Gen.Select(AnyNumbers, AnyNumbers, Gen.Int[1, 20], Gen.Int[1, 20]).Sample(static (a, b, bins, others) =>
    {
        var pair = BinPair.Of(ProfileOf.Numbers(a, ProfileOf.Edges(a, bins)), ProfileOf.Numbers(b, ProfileOf.Edges(b, others)))!;

        return Math.Abs(pair.CurrentTotal - b.Length) < 1e-9 * b.Length;
    });

    [Fact]
    public void Groups_are_near_the_deciles_and_keep_what_lies_outside()
    {
        var a = new Random(1).Normals(10_000);
        var edges = ProfileOf.Edges(a);
        var pair = BinPair.Of(ProfileOf.Numbers(a, edges), ProfileOf.Numbers([-10, .. a, 10, 11], edges))!;

        var (reference, current) = pair.Group(10);

        Assert.Equal(10, reference.Length);
        Assert.All(reference, static count => Assert.InRange(count, 900, 1100));
        Assert.Equal(10_000, reference.Sum());
        Assert.Equal(reference[0] + 1, current[0]);
        Assert.Equal(reference[^1] + 2, current[^1]);
    }

    [Fact]
    public void A_constant_reference_still_has_groups()
    {
        var edges = ProfileOf.Edges([5, 5, 5]);
        var pair = BinPair.Of(ProfileOf.Numbers([5, 5, 5], edges), ProfileOf.Numbers([4, 5, 6, 7], edges))!;

        var (reference, current) = pair.Group(10);

        Assert.Equal([0, 3, 0], reference);
        Assert.Equal([1, 1, 2], current);
    }

    [Fact]
    public void Without_the_least_value_the_distance_is_not_bounded()
    {
        var a = ProfileOf.Numbers([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]);
        var b = ProfileOf.Numbers([-5, 1, 2], [0, 1, 2, 3, 4]) with { Min = null };

        Assert.Equal(double.PositiveInfinity, ProfileBounds.Wasserstein(BinPair.Of(a, b)!).High);
    }

    private static bool Holds(double[] a, double[] b, System.Collections.Immutable.ImmutableArray<double> edges)
    {
        var pair = BinPair.Of(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges))!;
        var samples = PooledSamples.Of(a, b);
        var d = KolmogorovSmirnov.Compare(samples).Statistic;
        var (low, high) = ProfileBounds.KolmogorovSmirnov(pair);
        var exact = Wasserstein.Distance(samples);
        var bounds = ProfileBounds.Wasserstein(pair, a.Average() - b.Average());
        var slack = 1e-9 * (1 + exact);
        return low - 1e-12 <= d && d <= high + 1e-12
            && Math.Abs(bounds.Estimate - exact) <= bounds.Error + slack
            && bounds.Low - slack <= exact && exact <= bounds.High + slack && bounds.Low <= bounds.High;
    }
}
