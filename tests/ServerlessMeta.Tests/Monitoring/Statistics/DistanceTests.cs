using CsCheck;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class DistanceTests
{
    [Theory]
    [InlineData("wass-1")]
    [InlineData("wass-5")]
    public void Agree_with_the_reference(string id)
    {
        var one = DriftCases.Get(id);
        var samples = PooledSamples.Of(one.A, one.B);

        var distance = Wasserstein.Distance(samples);

        one.Matches("w1", distance);
        one.Matches("evidentlyNormed", Wasserstein.Norm(distance, Deviation(one.A, 0)));
        one.Matches("azuremlNormed", Wasserstein.Norm(distance, Deviation(one.A, 1)));
        one.Matches("energy", EnergyDistance.Distance(samples));
    }

    [Fact]
    public void With_weights_agree_with_the_reference()
    {
        var one = DriftCases.Get("wass-weighted");

        var samples = PooledSamples.Weighted(one.InputNumbers("u"), one.InputNumbers("uw"), one.InputNumbers("v"), one.InputNumbers("vw"));

        one.Matches("w1", Wasserstein.Distance(samples));
        one.Matches("energy", EnergyDistance.Distance(samples));
    }

    [Fact]
    public void Of_equal_bins_agree_with_the_reference()
    {
        var one = DriftCases.Get("wass-nannyml-hist");

        one.Matches("w50", HistogramDistances.NannymlWasserstein(one.A, one.B, 50));
        one.Matches("exact", Wasserstein.Distance(PooledSamples.Of(one.A, one.B)));
        one.Matches("refBinWidth", (one.A.Max() - one.A.Min()) / 50);
    }

    [Fact]
    public void A_shift_is_as_far_as_it_is_and_sides_may_change() => Gen.Select(Gen.Double[-100, 100].Array[1, 50], Gen.Double[-10, 10]).Sample(static (values, shift) =>
    {
        var moved = values.Select(value => value + shift).ToArray();

        var there = Wasserstein.Distance(PooledSamples.Of(values, moved));
        var back = Wasserstein.Distance(PooledSamples.Of(moved, values));

        return Math.Abs(there - Math.Abs(shift)) < 1e-9 && Math.Abs(there - back) < 1e-9;
    });

    private static double Deviation(double[] values, int less)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - less));
    }
}
