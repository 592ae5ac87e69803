using CsCheck;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class MomentsTests
{
    [Fact]
    public void Parts_merge_to_the_reference()
    {
        var one = DriftCases.Get("welford-merge");

        var merged = Moments.Merge([Moments.Of(one.A), Moments.Of(one.B)]);

        var n = (double)merged.Count;
        one.Matches("n", n);
        one.Matches("mean", merged.Mean);
        one.Matches("m2", merged.M2);
        one.Matches("skew", merged.M3 / n / Math.Pow(merged.Variance, 1.5));
        one.Matches("kurt", (merged.M4 / n / (merged.Variance * merged.Variance)) - 3);
    }

    [Fact]
    public void Any_split_in_any_order_has_the_moments_of_the_whole() => Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 300], Gen.Int[1, 9], Gen.Int[0, 1_000_000]).Sample((values, parts, seed) =>
    {
        var cuts = values.Chunk(Math.Max(1, values.Length / parts)).Select(static part => Moments.Of(part)).ToArray();
        var shuffled = cuts.ToArray();
        new Random(seed).Shuffle(shuffled);

        Rows.Close(Moments.Of(values), Moments.Merge(cuts));
        Assert.Equal(Moments.Merge(cuts), Moments.Merge(shuffled));
        Rows.Close(Moments.Merge(cuts), Moments.Merge([Moments.Merge(cuts[..(cuts.Length / 2)]), Moments.Merge(cuts[(cuts.Length / 2)..])]));
    });

    [Theory]
    [InlineData(1e308, -1e308, 1.5e308)]
    [InlineData(double.MaxValue, double.MaxValue, double.MaxValue)]
    [InlineData(double.Epsilon, -double.Epsilon, 0)]
    [InlineData(1e200, 1, -1e-200)]
    public void Extreme_values_never_become_infinite(double a, double b, double c)
    {
        foreach (var moments in new[] { Moments.Of([a, b, c]), Moments.Merge([Moments.Of([a]), Moments.Of([b]), Moments.Of([c, c])]) })
        {
            Assert.All(new[] { moments.Mean, moments.M2, moments.M3, moments.M4, moments.Variance }, static value => Assert.True(double.IsFinite(value)));
            Assert.InRange(moments.Mean, Math.Min(a, Math.Min(b, c)), Math.Max(a, Math.Max(b, c)));
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-0.1)]
    public void A_constant_has_exactly_no_spread_however_it_is_split(double value)
    {
        for (var count = 1; count < 100; count++)
        {
            var values = Enumerable.Repeat(value, count).ToArray();

            Assert.Equal(new Moments(count, value, 0, 0, 0), Moments.Of(values));
            Assert.Equal(Moments.Of(values), Moments.Merge([Moments.Of(values.AsSpan(0, count / 3)), Moments.Of(values.AsSpan(count / 3))]));
        }
    }

    [Fact]
    public void A_constant_has_no_spread() => Assert.Equal(new Moments(1_000, 0.1, 0, 0, 0), Moments.Merge([Moments.Of(Enumerable.Repeat(0.1, 999).ToArray()), Moments.Of(0.1, 1)]) is var moments && moments.M2 < 1e-27
        ? moments with { Mean = Math.Round(moments.Mean, 12), M2 = 0, M3 = 0, M4 = 0 } : moments);
}
