using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

public sealed class DatasetComparisonTests
{
    private static readonly AnalysisOptions ByTest = new() { NumericMetric = "ks" };

    [Theory]
    [InlineData("none", 2)]
    [InlineData("bh", 1)]
    [InlineData("holm", 1)]
    [InlineData("bonferroni", 1)]
    public void P_values_are_corrected_for_the_number_of_features(string correction, int drifted)
    {
        var columns = Enumerable.Range(0, 50).Select(static at => Column($"c{at:d2}", at == 0 ? 1e-6 : at == 1 ? 0.02 : 0.5)).ToImmutableArray();

        var (corrected, dataset) = DatasetComparison.Compare(Profile(), Profile(), columns, ByTest with { Correction = correction });

        Assert.Equal(drifted, corrected.Count(static column => column.Verdict == Verdict.Drift));
        Assert.Equal(drifted / 50.0, Metric(dataset, "driftShare").Value!.Value, 1e-12);
        Assert.All(corrected, static column => Assert.InRange(column.Metrics[0].AdjustedP!.Value, column.Metrics[0].P!.Value, 1));
    }

    [Fact]
    public void What_is_not_a_feature_is_not_corrected_with_them_nor_counted()
    {
        ImmutableArray<ColumnResult> columns = [.. Enumerable.Range(0, 50).Select(static at => Column($"c{at:d2}", 0.5)), Column("prediction", 0.02) with { Role = ColumnRole.Prediction }];

        var (corrected, dataset) = DatasetComparison.Compare(Profile(), Profile(), columns, ByTest);

        Assert.Equal((Verdict.Drift, 0.02), (corrected[^1].Verdict, corrected[^1].Metrics[0].AdjustedP));
        Assert.Equal(0, Metric(dataset, "driftShare").Value);
    }

    [Fact]
    public void A_feature_is_uncertain_if_only_the_lower_bound_is_significant()
    {
        ImmutableArray<ColumnResult> columns = [Column("a", 0.5, 1e-6), Column("b", 1e-9, 1e-12)];

        var (corrected, dataset) = DatasetComparison.Compare(Profile(), Profile(), columns, ByTest with { DriftShare = 0.8 });

        Assert.Equal([Verdict.Uncertain, Verdict.Drift], corrected.Select(static column => column.Verdict));
        Assert.Equal((0.5, 1, Verdict.Uncertain), (Metric(dataset, "driftShare").Low, Metric(dataset, "driftShare").High, Metric(dataset, "driftShare").Verdict));
    }

    [Fact]
    public void Features_that_are_gone_or_of_another_type_are_counted()
    {
        var there = ProfileOf.Numbers(new Random(1).Normals(200), ProfileOf.Edges(new Random(1).Normals(200)));
        var baseline = new DataProfile { Rows = 200, Columns = [there with { Name = "gone" }, there with { Name = "typed" }, there with { Name = "same" }] };
        var current = new DataProfile { Rows = 200, Columns = [there with { Name = "same" }, ProfileOf.Words([.. Enumerable.Repeat("word", 200)], "typed")] };

        var (columns, dataset) = ProfileAnalysis.Compare(baseline, current, new());

        Assert.Equal([("gone", "missing"), ("typed", "type"), ("same", "js")], columns.Select(static column => (column.Column, column.DecidedBy!)));
        Assert.Equal((2.0 / 3, Verdict.Drift), (Metric(dataset, "driftShare").Value!.Value, Metric(dataset, "driftShare").Verdict));
    }

    [Fact]
    public void The_share_of_drifted_features_decides_for_the_window()
    {
        var half = DatasetComparison.Compare(Profile(), Profile(), [Column("a", 1e-9), Column("b", 0.9)], ByTest).Dataset;
        var nothing = DatasetComparison.Compare(Profile(), Profile(), [new() { Column = "a", Role = ColumnRole.Feature, Kind = ColumnKind.Numeric, Status = MetricStatus.NoReference }], ByTest).Dataset;

        Assert.Equal((0.5, Verdict.Drift), (Metric(half, "driftShare").Value, Metric(half, "driftShare").Verdict));
        Assert.Equal((null, MetricStatus.NotComputable), (Metric(nothing, "driftShare").Value, Metric(nothing, "driftShare").Status));
    }

    [Fact]
    public void The_squared_error_needs_no_rows()
    {
        var random = new Random(5);
        var (reference, window) = (Rows(random, 400, 0.8), Rows(random, 200, -0.3));
        var names = ImmutableArray.Create("a", "b", "c");
        var pair = CoMomentPair.Of(ProfileOf.Together(reference, names), ProfileOf.Together(window, names), [.. names], 30)!;

        var found = SquaredReconstruction.Of(pair);

        var fitted = PcaReconstruction.Fit(reference);
        Assert.Equal(MeanSquare(fitted, reference), found.Reference, 1e-10);
        Assert.Equal(MeanSquare(fitted, window), found.Current, 1e-10);
    }

    [Fact]
    public void A_changed_correlation_is_found_where_no_column_drifts()
    {
        var random = new Random(5);
        var dataset = Dataset(Rows(random, 2_000, 0.8), Rows(random, 1_000, -0.3));
        var still = Dataset(Rows(random, 2_000, 0.8), Rows(random, 1_000, 0.8));

        var correlation = Metric(dataset, "correlation");
        Assert.Equal(Verdict.Drift, correlation.Verdict);
        Assert.Equal(1.1, correlation.Value!.Value, 0.15);
        Assert.Contains("columns:a,b", correlation.Flags);
        Assert.Equal(Verdict.Drift, Metric(dataset, "pcaReconstruction").Verdict);
        Assert.Equal(Verdict.NoDrift, Metric(still, "correlation").Verdict);
        Assert.Equal(Verdict.NoDrift, Metric(still, "pcaReconstruction").Verdict);
    }

    [Fact]
    public void The_z_test_of_a_correlation_is_Fishers()
    {
        var pair = CoMomentPair.Of(
            new(["a", "b"], 103, [0, 0], [103, 51.5, 51.5, 103]), new(["b", "a"], 203, [0, 0], [203, 40.6, 40.6, 203]), ["a", "b"], 30)!;

        var drift = CorrelationDrift.Of(pair)!;

        Assert.Equal(0.3, drift.Difference, 1e-12);
        Assert.Equal(2 * Normal.Sf((Math.Atanh(0.5) - Math.Atanh(0.2)) / Math.Sqrt((1 / 100.0) + (1 / 200.0))), drift.P, 1e-12);
    }

    [Fact]
    public void Constant_and_infinite_columns_are_left_out_of_what_hangs_together()
    {
        var names = ImmutableArray.Create("a", "b", "c");
        var scatter = ImmutableArray.Create<double>(100, 0, 0, 0, 0, 0, 0, 0, double.PositiveInfinity);

        Assert.Null(CoMomentPair.Of(new(names, 100, [0, 0, 0], scatter), new(names, 100, [0, 0, 0], scatter), [.. names], 30));
        Assert.Null(CoMomentPair.Of(null, new(names, 100, [0, 0, 0], scatter), [.. names], 30));
    }

    [Fact]
    public void Kept_rows_are_compared_as_a_whole()
    {
        var random = new Random(5);
        var (reference, window) = (Sample(random, 300, 0), Sample(random, 200, 3));
        var columns = ImmutableArray.Create(Column("a", 0.5), Column("word", 0.5));

        var drifted = DatasetComparison.Compare(reference, window, columns, ByTest).Dataset;
        var still = DatasetComparison.Compare(reference, Sample(random, 200, 0), columns, ByTest).Dataset;

        Assert.Equal(Verdict.Drift, Metric(drifted, "mmd").Verdict);
        Assert.Equal(Verdict.NoDrift, Metric(still, "mmd").Verdict);
        Assert.Equal("rows", Metric(drifted, "pcaReconstruction").Method);
        Assert.Contains("seed:42", Metric(drifted, "mmd").Flags);
    }

    private static DataProfile Profile() => new() { Rows = 100, Columns = [] };

    private static ColumnResult Column(string name, double p, double? pLow = null) => new()
    {
        Column = name,
        Role = ColumnRole.Feature,
        Kind = ColumnKind.Numeric,
        Status = MetricStatus.Ok,
        Metrics = [new() { Metric = "ks", Status = MetricStatus.Ok, Value = 0.1, P = p, PLow = pLow, Method = "exact", Threshold = 0.05 }],
    };

    private static double[][] Rows(Random random, int count, double correlation) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var (x, y) = (random.Normal(), random.Normal());
        return new[] { x, (correlation * x) + (Math.Sqrt(1 - (correlation * correlation)) * y), random.Normal() };
    })];

    private static ImmutableArray<MetricResult> Dataset(double[][] reference, double[][] window)
    {
        ImmutableArray<string> names = ["a", "b", "c"];
        DataProfile Of(double[][] rows, double[][] edgesFrom) => new()
        {
            Rows = rows.Length,
            Columns = [.. names.Select((name, at) => ProfileOf.Numbers([.. rows.Select(row => row[at])], ProfileOf.Edges(edgesFrom.Select(row => row[at])), name))],
            CoMoments = ProfileOf.Together(rows, names),
        };
        var (baseline, current) = (Of(reference, reference), Of(window, reference));
        var columns = names.Select(name => ColumnComparison.Compare(baseline.Find(name), current.Find(name), current.Rows, name, ColumnRole.Feature, ByTest, null, null)).ToImmutableArray();
        Assert.All(columns, static column => Assert.NotEqual(Verdict.Drift, column.Verdict));
        return DatasetComparison.Compare(baseline, current, columns, ByTest).Dataset;
    }

    private static double MeanSquare(PcaReconstruction fitted, double[][] rows)
    {
        var (mean, deviation) = fitted.Error(rows);
        return (mean * mean) + (deviation * deviation * (rows.Length - 1) / rows.Length);
    }

    private static DataProfile Sample(Random random, int count, double shift)
    {
        var rows = Enumerable.Range(0, count).Select(_ => (Number: random.Normal() + shift, Word: random.Next(4) == 0 ? "rare" : "usual")).ToList();
        return new()
        {
            Rows = count,
            Columns = [ProfileOf.Numbers([.. rows.Select(static row => row.Number)], [], "a"), ProfileOf.Words([.. rows.Select(static row => row.Word)], "word")],
            Sample = new(count, ["a", "word"], [.. rows.Select((row, at) => ImmutableArray.Create(at % 50 == 0 ? null : row.Number.ToString("R", CultureInfo.InvariantCulture), row.Word))]),
        };
    }

    private static MetricResult Metric(ImmutableArray<MetricResult> metrics, string name) => Assert.Single(metrics, metric => metric.Metric == name);
}
