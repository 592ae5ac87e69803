using System.Text.Json;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class ColumnComparisonTests
{
    private static readonly AnalysisOptions Defaults = new();

    private static readonly Gen<double> Odd = Gen.OneOf(
        Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(1e308), Gen.Const(-1e308), Gen.Const(double.MaxValue), Gen.Const(double.Epsilon), Gen.Const(-3e-320), Gen.Const(0.0), Gen.Const(-0.0), Gen.Double[-1, 1]);

    [Fact]
    public void The_same_distribution_has_not_drifted()
    {
        var random = new Random(1);

        var result = Compare(random.Normals(5_000), random.Normals(2_000));

        Assert.Equal(MetricStatus.Ok, result.Status);
        Assert.Equal(Verdict.NoDrift, result.Verdict);
        Assert.Equal("js", result.DecidedBy);
        Assert.Superset(
            new HashSet<string> { "ks", "wasserstein", "wassersteinRaw", "psi", "psiBins", "psiFloor95", "js", "kl", "hellinger", "linf", "tvd", "chi2", "missing", "outOfRange", "distinctRatio", "meanShift", "stdRatio" },
            result.Metrics.Select(static metric => metric.Metric).ToHashSet());
        Assert.All(result.Metrics, static metric => Assert.NotEqual(Verdict.Drift, metric.Verdict));
    }

    [Theory]
    [InlineData("js")]
    [InlineData("psi")]
    [InlineData("ks")]
    [InlineData("wasserstein")]
    [InlineData("hellinger")]
    public void A_shift_is_drift_by_each_metric_that_may_decide(string metric)
    {
        var random = new Random(1);

        var result = Compare(random.Normals(5_000), random.Normals(2_000, 1), Defaults with { NumericMetric = metric });

        Assert.Equal((Verdict.Drift, metric), (result.Verdict, result.DecidedBy));
        Assert.Equal(1, Metric(result, "meanShift").Value!.Value, 0.1);
    }

    [Fact]
    public void Distances_of_few_values_are_chance_until_a_test_says_otherwise()
    {
        var random = new Random(4);

        var result = Compare(random.Normals(5_000), random.Normals(60));

        Assert.InRange(Metric(result, "js").Value!.Value, 0.15, 1);
        Assert.Contains("notSignificant", Metric(result, "js").Flags);
        Assert.Contains("belowFloor", Metric(result, "psi").Flags);
        Assert.Equal(Verdict.NoDrift, result.Verdict);
    }

    [Fact]
    public void The_bounds_hold_the_exact_figures()
    {
        var random = new Random(1);
        var (a, b) = (random.Normals(400), random.Normals(300, 0.4));
        var edges = ProfileOf.Edges(a);
        var (baseline, current) = (ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges));

        var bounded = ColumnComparison.Compare(baseline, current, b.Length, "x", ColumnRole.Feature, Defaults, null, null);
        var exact = ColumnComparison.Compare(baseline, current, b.Length, "x", ColumnRole.Feature, Defaults, a, b);

        foreach (var name in (string[])["ks", "wasserstein", "wassersteinRaw"])
        {
            var (bound, value) = (Metric(bounded, name), Metric(exact, name));
            Assert.Equal(("profile", "exact"), (bound.Method, value.Method));
            Assert.InRange(value.Value!.Value, bound.Low!.Value, bound.High!.Value);
            Assert.Null(value.Low);
        }
        Assert.InRange(Metric(exact, "ks").P!.Value, Metric(bounded, "ks").PLow!.Value, Metric(bounded, "ks").P!.Value);
        Assert.Superset(
            new HashSet<string> { "energy", "mannWhitney", "andersonDarling", "cramerVonMises", "psiEvidently", "jsNannyml", "psiAzureml" },
            exact.Metrics.Select(static metric => metric.Metric).ToHashSet());
        Assert.Equal(exact.Metrics.Length, exact.Metrics.Select(static metric => metric.Metric).Distinct().Count());
    }

    [Fact]
    public void A_sample_of_the_values_adds_tests_and_leaves_the_bounds()
    {
        var random = new Random(1);
        var (a, b) = (random.Normals(400), random.Normals(300));
        var edges = ProfileOf.Edges(a);

        var result = ColumnComparison.Compare(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges), b.Length, "x", ColumnRole.Feature, Defaults, a[..100], b[..50]);

        Assert.Equal("profile", Metric(result, "ks").Method);
        Assert.Equal(("sample", 100, 50), (Metric(result, "energy").Method, Metric(result, "energy").ReferenceCount, Metric(result, "energy").CurrentCount));
    }

    [Fact]
    public void A_coarse_profile_is_uncertain_where_the_level_lies_between_its_bounds()
    {
        var random = new Random(1);
        var (a, b) = (random.Normals(2_000), random.Normals(2_000, 0.04));

        var coarse = Compare(a, b, Defaults with { NumericMetric = "ks" }, bins: 4);
        var shifted = Compare(a, random.Normals(2_000, 0.5), Defaults with { NumericMetric = "ks" }, bins: 4);

        Assert.Equal(Verdict.Uncertain, coarse.Verdict);
        Assert.True(Metric(coarse, "ks").PLow < 0.05 && Metric(coarse, "ks").P >= 0.05);
        Assert.Equal(Verdict.Drift, shifted.Verdict);
    }

    [Fact]
    public void Values_that_go_missing_are_drift_although_the_rest_is_the_same()
    {
        var random = new Random(1);
        var a = random.Normals(1_000);
        double[] b = [.. random.Normals(100), .. Enumerable.Repeat(double.NaN, 900)];

        var result = Compare(a, b);

        Assert.Equal((Verdict.Drift, "missing"), (result.Verdict, result.DecidedBy));
        Assert.Equal(Verdict.NoDrift, Metric(result, "js").Verdict);
        Assert.Equal(0.9, Metric(result, "missing").Value!.Value, 1e-12);
    }

    [Fact]
    public void A_small_change_of_the_missing_share_is_none_however_certain()
    {
        double[] a = [.. new Random(1).Normals(100_000), .. Enumerable.Repeat(double.NaN, 100)];
        double[] b = [.. new Random(2).Normals(100_000), .. Enumerable.Repeat(double.NaN, 1_500)];

        var missing = Metric(Compare(a, b), "missing");

        Assert.True(missing.P < 1e-10);
        Assert.Equal(Verdict.NoDrift, missing.Verdict);
    }

    [Fact]
    public void A_window_of_missing_values_only_is_empty_and_drift()
    {
        var result = Compare(new Random(1).Normals(500), [.. Enumerable.Repeat(double.NaN, 100)]);

        Assert.Equal((MetricStatus.EmptyWindow, Verdict.Drift, "missing"), (result.Status, result.Verdict, result.DecidedBy));
    }

    [Fact]
    public void The_same_constant_is_no_drift_exactly()
    {
        var result = Compare([.. Enumerable.Repeat(5.0, 100)], [.. Enumerable.Repeat(5.0, 50)]);

        Assert.Equal((MetricStatus.ConstantBoth, Verdict.NoDrift), (result.Status, result.Verdict));
        Assert.Equal((0, 1), (Metric(result, "ks").Value, Metric(result, "ks").P));
        Assert.All(result.Metrics.Where(static metric => metric.Metric is "psi" or "js" or "wasserstein"), static metric => Assert.Equal((0, MetricStatus.ConstantBoth), (metric.Value, metric.Status)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_constant_is_drift_with_a_distance_that_is_cut(bool hasWideEdges)
    {
        var (a, b) = (Enumerable.Repeat(5.0, 100).ToList(), Enumerable.Repeat(5_000.0, 50).ToList());
        System.Collections.Immutable.ImmutableArray<double> edges = hasWideEdges ? [4.5, 5.5] : [5];

        var result = ColumnComparison.Compare(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges), b.Count, "x", ColumnRole.Feature, Defaults, null, null);

        Assert.Equal((MetricStatus.Ok, Verdict.Drift), (result.Status, result.Verdict));
        Assert.Equal((1, 1, 1), (Metric(result, "ks").Value, Metric(result, "ks").Low, Metric(result, "ks").High));
        Assert.Equal(4_995, Metric(result, "wassersteinRaw").Value!.Value, 1e-9);
        Assert.Equal(1e6, Metric(result, "wasserstein").Value);
        Assert.Superset(new HashSet<string> { "zeroVarianceReference", "capped" }, Metric(result, "wasserstein").Flags.ToHashSet());
        Assert.Equal(Verdict.Drift, Metric(result, "psi").Verdict);
    }

    [Fact]
    public void A_column_that_cannot_be_compared_says_why()
    {
        var numbers = ProfileOf.Numbers(new Random(1).Normals(100), ProfileOf.Edges(new Random(1).Normals(100)));
        var words = ProfileOf.Words([.. Enumerable.Repeat("a", 100)]);
        var few = ProfileOf.Numbers([1, 2, 3], [1, 2, 3]);

        Assert.Equal(MetricStatus.NoReference, Compare(null, numbers).Status);
        Assert.Equal(MetricStatus.EmptyWindow, Compare(numbers, (ColumnProfile?)null).Status);
        Assert.Equal(MetricStatus.TypeMismatch, Compare(numbers, words).Status);
        Assert.Equal(MetricStatus.TooFewSamples, Compare(numbers, few).Status);
        Assert.Equal(MetricStatus.TooFewSamples, Compare(few, numbers).Status);
        Assert.Contains("30", Compare(numbers, few).Reason, StringComparison.Ordinal);
        Assert.All((ColumnResult[])[Compare(null, numbers), Compare(numbers, few)], static result => Assert.Equal(Verdict.None, result.Verdict));
    }

    [Fact]
    public void A_column_that_the_window_lacks_is_missing_in_all_its_rows()
    {
        var numbers = ProfileOf.Numbers(new Random(1).Normals(500), ProfileOf.Edges(new Random(1).Normals(500)));

        var absent = Compare(numbers, null, 100);
        var empty = Compare(numbers, numbers with { Count = 0 }, 100);
        var few = Compare(numbers, null, 3);

        Assert.Equal((MetricStatus.EmptyWindow, Verdict.Drift, "missing"), (absent.Status, absent.Verdict, absent.DecidedBy));
        Assert.Equal((1, 500, 100), (Metric(absent, "missing").Value, Metric(absent, "missing").ReferenceCount, Metric(absent, "missing").CurrentCount));
        Assert.Contains("no such column", absent.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Drift, empty.Verdict);
        Assert.Equal((Verdict.None, MetricStatus.TooFewSamples), (few.Verdict, Metric(few, "missing").Status));
        Assert.Equal((Verdict.None, 0), (Compare(numbers, null, 0).Verdict, Compare(numbers, null, 0).Metrics.Length));
    }

    [Fact]
    public void A_column_that_was_missing_already_may_be_left_out()
    {
        var mostlyMissing = ProfileOf.Numbers([1, 2, 3, .. Enumerable.Repeat(double.NaN, 997)], [1, 2, 3]);

        Assert.Equal(Verdict.NoDrift, Metric(Compare(mostlyMissing, null, 100), "missing").Verdict);
        Assert.Equal(Verdict.None, Compare(mostlyMissing, null, 100).Verdict);
    }

    [Fact]
    public void Labels_that_come_later_are_not_missing() =>
        Assert.Equal((MetricStatus.EmptyWindow, Verdict.None), (Compare(ProfileOf.Words([.. Enumerable.Repeat("a", 100)]), null, 100, ColumnRole.Label) is var result ? (result.Status, result.Verdict) : default));

    [Fact]
    public void Words_in_the_place_of_numbers_are_drift_by_type_and_the_missing_share_is_told()
    {
        var numbers = ProfileOf.Numbers(new Random(1).Normals(100), ProfileOf.Edges(new Random(1).Normals(100)));
        var words = ProfileOf.Words([.. Enumerable.Repeat("a", 60), .. Enumerable.Repeat((string?)null, 40)]);

        Assert.All((ColumnResult[])[Compare(numbers, words), Compare(words, numbers)], static result =>
        {
            Assert.Equal((MetricStatus.TypeMismatch, Verdict.Drift, "type"), (result.Status, result.Verdict, result.DecidedBy));
            Assert.Equal(0.4, Math.Abs(Metric(result, "missing").Value!.Value), 1e-12);
            Assert.Equal(result, ColumnComparison.Decide(result, Defaults));
        });
    }

    [Fact]
    public void A_column_without_values_has_no_type()
    {
        var numbers = ProfileOf.Numbers(new Random(1).Normals(100), ProfileOf.Edges(new Random(1).Normals(100)));
        var nothing = ProfileOf.Words([.. Enumerable.Repeat((string?)null, 100)]);

        Assert.Equal((MetricStatus.EmptyWindow, "missing"), (Compare(numbers, nothing).Status, Compare(numbers, nothing).DecidedBy));
        Assert.Equal(MetricStatus.NoReference, Compare(nothing, numbers).Status);
    }

    [Fact]
    public void Whole_numbers_of_few_values_compare_with_other_numbers()
    {
        double[] many = [.. Enumerable.Range(0, 400).Select(static at => (double)(at % 40))];
        string[] few = [.. Enumerable.Range(0, 100).Select(static at => (at % 10).ToString(System.Globalization.CultureInfo.InvariantCulture))];
        var numbers = ProfileOf.Numbers(many, ProfileOf.Edges(many));

        foreach (var result in (ColumnResult[])[Compare(numbers, ProfileOf.Words(few)), Compare(ProfileOf.Words(few), numbers)])
        {
            Assert.Equal((ColumnKind.Numeric, MetricStatus.Ok, Verdict.Drift, "js"), (result.Kind, result.Status, result.Verdict, result.DecidedBy));
            Assert.InRange(0.75, Metric(result, "ks").Low!.Value, Metric(result, "ks").High!.Value);
        }
        Assert.Equal(Verdict.NoDrift, Compare(ProfileOf.Numbers([.. few.Select(double.Parse)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), ProfileOf.Words(few)).Verdict);
    }

    [Fact]
    public void A_value_that_most_rows_have_hides_nothing_in_its_bin()
    {
        static double[] Values(int seed, double zeros) => [.. Enumerable.Range(0, 1000).Select(i => i < zeros * 1000 ? 0 : new Random((seed * 1000) + i).NextDouble())];
        var (a, b) = (Values(1, 0.7), Values(2, 0.6));
        var edges = QuantileEdges.Of([.. a.Order()], 16);

        var result = ColumnComparison.Compare(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges), 1000, "x", ColumnRole.Feature, Defaults, null, null);

        // The greatest difference of shares is that of zeros, which is known exactly.
        Assert.InRange(Metric(result, "ks").Low!.Value, 0.1 - 1e-12, 0.12);
        Assert.InRange(Metric(result, "ks").High!.Value - Metric(result, "ks").Low!.Value, 0, 0.08);
    }

    [Fact]
    public void A_broken_profile_never_throws()
    {
        var good = ProfileOf.Numbers(new Random(1).Normals(100), [-1, 0, 1]);

        Assert.All(
            (ColumnResult[])
            [
                Compare(good, good with { Bins = good.Bins! with { Counts = [1, 2, 3, 4] } }),
                Compare(good with { Bins = good.Bins! with { Counts = [-1, 200] } }, good),
                Compare(ProfileOf.Words(["a"]) with { Count = 50, Categories = null }, ProfileOf.Words(["a"]) with { Count = 50 }),
            ],
            static result => Assert.True(result.Status == MetricStatus.NotComputable ? result.Reason is not null : result.Metrics.Any(static metric => metric.Status == MetricStatus.NotComputable)));
    }

    [Fact]
    public void A_profile_without_bins_still_has_its_moments()
    {
        var (a, b) = (new Random(1).Normals(100), new Random(2).Normals(100, 3));

        var result = Compare(ProfileOf.Numbers(a, []), ProfileOf.Numbers(b, []));

        Assert.Equal(MetricStatus.NotComputable, Metric(result, "js").Status);
        Assert.Equal(3, Metric(result, "meanShift").Value!.Value, 0.5);
    }

    [Fact]
    public void Other_edges_are_compared_approximately()
    {
        var random = new Random(1);
        var (a, b) = (random.Normals(2_000), random.Normals(2_000));

        var result = Compare(ProfileOf.Numbers(a, ProfileOf.Edges(a)), ProfileOf.Numbers(b, ProfileOf.Edges(b, 200)));

        Assert.Contains("approximate", Metric(result, "js").Flags);
        Assert.Equal(Verdict.NoDrift, result.Verdict);
        Assert.Equal((null, null, Verdict.None), (Metric(result, "ks").P, Metric(result, "ks").High, Metric(result, "ks").Verdict));
        Assert.Null(Metric(result, "wasserstein").High);
    }

    [Fact]
    public void New_categories_are_named_with_their_share()
    {
        string[] a = [.. Enumerable.Repeat("a", 300), .. Enumerable.Repeat("b", 200)];
        string[] b = [.. Enumerable.Repeat("a", 120), .. Enumerable.Repeat("b", 60), .. Enumerable.Repeat("new", 15), .. Enumerable.Repeat("newer", 5)];

        var result = Compare(ProfileOf.Words(a), ProfileOf.Words(b));

        Assert.Equal([new("new", 15, 0.075), new("newer", 5, 0.025)], result.NewCategories);
        Assert.Equal(0.1, Metric(result, "newCategories").Value!.Value, 1e-12);
        Assert.Equal(Verdict.Drift, result.Verdict);
        Assert.Contains("infinite", Metric(result, "gTest").Flags.AddRange(Metric(result, "chi2Fit").Flags));
        Assert.Equal((null, 0), (Metric(result, "chi2Fit").Value, Metric(result, "chi2Fit").P));
        Assert.Equal(MetricStatus.Ok, Metric(result, "chi2").Status);
    }

    [Fact]
    public void All_categories_may_be_new()
    {
        var result = Compare(ProfileOf.Words([.. Enumerable.Repeat("a", 100)]), ProfileOf.Words([.. Enumerable.Range(0, 100).Select(static at => $"c{at % 30}")]));

        Assert.Equal(20, result.NewCategories.Length);
        Assert.Equal(1, Metric(result, "js").Value!.Value, 1e-12);
        Assert.Equal(Verdict.Drift, result.Verdict);
    }

    [Theory]
    [InlineData("js")]
    [InlineData("psi")]
    [InlineData("chi2")]
    [InlineData("linf")]
    [InlineData("tvd")]
    [InlineData("hellinger")]
    public void A_shift_of_categories_is_drift_by_each_metric_that_may_decide(string metric)
    {
        string[] a = [.. Enumerable.Range(0, 900).Select(static at => $"c{at % 3}")];
        string[] b = [.. Enumerable.Range(0, 300).Select(static at => $"c{(at % 2 == 0 ? 0 : at % 3)}")];

        var drifted = ColumnComparison.Compare(ProfileOf.Words(a), ProfileOf.Words(b), b.Length, "x", ColumnRole.Prediction, Defaults with { CategoricalMetric = metric }, null, null);
        var same = ColumnComparison.Compare(ProfileOf.Words(a), ProfileOf.Words(a[..300]), 300, "x", ColumnRole.Prediction, Defaults with { CategoricalMetric = metric }, null, null);

        Assert.Equal((Verdict.Drift, metric), (drifted.Verdict, drifted.DecidedBy));
        Assert.Equal((Verdict.NoDrift, metric), (same.Verdict, same.DecidedBy));
    }

    [Fact]
    public void Categories_that_are_not_all_listed_are_pooled()
    {
        var words = Enumerable.Range(0, 5_000).Select(static at => $"c{at % 100}").ToList();

        var result = Compare(ProfileOf.Words(words, keep: 50), ProfileOf.Words(words[..2_000], keep: 60));

        Assert.Equal(Verdict.NoDrift, result.Verdict);
        Assert.Contains("approximate", Metric(result, "js").Flags);
        Assert.Equal(0, Metric(result, "js").Value!.Value, 1e-9);
        Assert.Equal(MetricStatus.NotComputable, Metric(result, "newCategories").Status);
    }

    [Fact]
    public void The_options_set_thresholds()
    {
        var random = new Random(1);
        var (a, b) = (random.Normals(5_000), random.Normals(2_000, 1));

        var result = Compare(a, b, Defaults with { Thresholds = Defaults.Thresholds.Add("js", 0.9).Add("outOfRange", 0.5) });

        Assert.Equal(Verdict.NoDrift, result.Verdict);
        Assert.Equal(0.9, Metric(result, "js").Threshold);
        Assert.Equal(Verdict.NoDrift, Metric(result, "outOfRange").Verdict);
    }

    [Fact]
    public void No_input_makes_a_number_that_JSON_has_not() => Gen.Select(Odd.Array[0, 40], Odd.Array[0, 40], Gen.Int[1, 70], Gen.Bool).Sample(static (a, b, bins, hasSamples) =>
    {
        var edges = ProfileOf.Edges(a, bins);
        var result = ColumnComparison.Compare(
            ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges), b.Length, "x", ColumnRole.Feature, Defaults with { MinCount = 1 },
            hasSamples ? [.. a.Where(double.IsFinite)] : null, hasSamples ? [.. b.Where(double.IsFinite)] : null);

        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(result), StringComparison.Ordinal);
        Assert.All(result.Metrics, static metric =>
        {
            Assert.True(metric.Status is MetricStatus.Ok or MetricStatus.ConstantBoth ? metric.Value is not null || metric.Flags.Contains("infinite") : metric.Value is null);
            Assert.InRange(metric.P ?? 0, 0, 1);
            Assert.InRange(metric.PLow ?? 0, 0, 1);
            Assert.True(metric.Low is null || metric.High is null || metric.Low <= metric.High);
        });
        return true;
    }, iter: 1_000);

    [Fact]
    public void A_single_value_is_compared_when_asked_for()
    {
        var a = new Random(1).Normals(100);
        var edges = ProfileOf.Edges(a);

        var result = ColumnComparison.Compare(ProfileOf.Numbers(a, edges), ProfileOf.Numbers([0.1], edges), 1, "x", ColumnRole.Feature, Defaults with { MinCount = 1 }, a, [0.1]);

        Assert.Equal(MetricStatus.Ok, Metric(result, "ks").Status);
        Assert.DoesNotContain(result.Metrics, static metric => metric.Metric is "andersonDarling" or "cramerVonMises");
    }

    private static ColumnResult Compare(double[] a, double[] b, AnalysisOptions? options = null, int bins = 64)
    {
        var edges = ProfileOf.Edges(a, bins);
        return ColumnComparison.Compare(ProfileOf.Numbers(a, edges), ProfileOf.Numbers(b, edges), b.Length, "x", ColumnRole.Feature, options ?? Defaults, null, null);
    }

    private static ColumnResult Compare(ColumnProfile? baseline, ColumnProfile? current, long? rows = null, ColumnRole role = ColumnRole.Feature) =>
        ColumnComparison.Compare(baseline, current, rows ?? current?.Count ?? 0, "x", role, Defaults, null, null);

    private static MetricResult Metric(ColumnResult result, string name) => Assert.Single(result.Metrics, metric => metric.Metric == name);
}
