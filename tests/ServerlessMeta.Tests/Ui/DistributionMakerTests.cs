using CsCheck;
using ServerlessMeta.Tests.Monitoring.Statistics;
using ServerlessMeta.Ui.Monitoring;

namespace ServerlessMeta.Tests.Ui;

/// <summary>Two spreads side by side: nothing is lost, and nothing comes twice.</summary>
public sealed class DistributionMakerTests
{
    [Fact]
    public void Shares_of_numbers_are_all_of_them() => Gen.Select(Gen.Double[-1e3, 1e3].Array[1, 300], Gen.Double[-2e3, 2e3].Array[1, 300], Gen.Int[1, 64]).Sample(static (before, now, bins) =>
    {
        var edges = ProfileOf.Edges(before, bins);
        var made = DistributionMaker.Make(ProfileOf.Numbers(before, edges.Length == 1 ? [edges[0], edges[0]] : edges), ProfileOf.Numbers(now, edges.Length == 1 ? [edges[0], edges[0]] : edges), null);
        return made.IsNumeric && Math.Abs(made.Bars.Sum(static bar => bar.Reference) - 1) < 1e-9 && Math.Abs(made.Bars.Sum(static bar => bar.Current) - 1) < 1e-9 && made.Bars.Length <= 16
            && made.Bars.All(static bar => bar.ReferenceWidth is >= 0 and <= 100 && bar.CurrentWidth is >= 0 and <= 100);
    });

    [Fact]
    public void Shares_of_words_are_all_of_them() => Gen.Select(Gen.Int[0, 40].Array[1, 200], Gen.Int[0, 50].Array[1, 200], Gen.Int[1, 60]).Sample(static (before, now, kept) =>
    {
        var made = DistributionMaker.Make(ProfileOf.Words([.. before.Select(static word => $"w{word}")], keep: kept), ProfileOf.Words([.. now.Select(static word => $"w{word}")], keep: kept), null);
        return !made.IsNumeric && Math.Abs(made.Bars.Sum(static bar => bar.Reference) - 1) < 1e-9 && Math.Abs(made.Bars.Sum(static bar => bar.Current) - 1) < 1e-9 && made.Bars.Length <= 16;
    });

    [Fact]
    public void Numbers_beyond_the_baseline_are_bars_of_their_own()
    {
        double[] before = [.. Enumerable.Range(0, 100).Select(static one => (double)one)];
        var edges = ProfileOf.Edges(before, 10);

        var made = DistributionMaker.Make(ProfileOf.Numbers(before, edges), ProfileOf.Numbers([.. before.Select(static one => one + 50)], edges), null);

        Assert.Equal(("above 99", 0.0, 0.5), (made.Bars[^1].Name, made.Bars[^1].Reference, made.Bars[^1].Current));
        Assert.StartsWith("0 to ", made.Bars[0].Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_in_the_place_of_numbers_are_said()
    {
        double[] before = [1.5, 2.5, 3.5];

        var made = DistributionMaker.Make(ProfileOf.Numbers(before, ProfileOf.Edges(before)), ProfileOf.Words(["a", "b"]), null);

        Assert.Empty(made.Bars);
        Assert.Equal("The baseline has numbers, the window words.", made.Remark);
    }
}
