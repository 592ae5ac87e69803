using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Detectors;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class AnalysisChecksTests
{
    [Fact]
    public void Defaults_have_no_fault() => Assert.Empty(AnalysisChecks.Faults(new()));

    [Fact]
    public void Good_options_have_no_fault()
    {
        var options = new AnalysisOptions
        {
            Schema = new(ModelTask.Binary, "id", "at", "predicted", "score", "label", "spam"),
            Thresholds = ImmutableSortedDictionary<string, double>.Empty.Add("psi", 0.2).Add("chi2", 0.01),
            NumericMetric = "ks",
            CategoricalMetric = "tvd",
            Correction = "none",
            MinLabels = 1,
            MaxLabelLag = TimeSpan.Zero,
            MinEffect = 0,
            Detectors = DetectorSet.All,
            CompareWith = ["previous", "rolling(3)"],
        };

        Assert.Empty(AnalysisChecks.Faults(options));
        Assert.Empty(AnalysisChecks.Faults(options with { Schema = PredictionSchema.None with { Task = ModelTask.Regression, Prediction = "y" } }));
        Assert.Empty(AnalysisChecks.Faults(options with { Schema = PredictionSchema.None with { Task = ModelTask.Binary, Score = "s" } }));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new AnalysisOptions
        {
            Schema = new(ModelTask.Regression, "x", "x", null, "score", "", "yes"),
            NumericMetric = "chi2",
            CategoricalMetric = "wasserstein",
            Thresholds = ImmutableSortedDictionary<string, double>.Empty.Add("nothing", 1).Add("psi", double.NaN).Add("js", -1),
            Alpha = 0,
            Correction = "BH",
            DriftShare = 1.1,
            MinCount = 0,
            MinCoverage = double.NaN,
            MinLabels = 0,
            MaxLabelLag = TimeSpan.FromTicks(-1),
            MinEffect = double.PositiveInfinity,
            Detectors = ["adwin", "adwin", "oracle"],
            CompareWith = ["training", "previous", "previous", "rolling(3)"],
        };

        Assert.Equal(
            [
                "alpha", "categoricalMetric", "compareWith", "compareWith", "compareWith", "correction", "detectors", "detectors", "driftShare", "maxLabelLag", "minCount", "minCoverage", "minEffect", "minLabels", "numericMetric",
                "schema.label", "schema.positive", "schema.prediction", "schema.score", "schema.time", "thresholds.js", "thresholds.nothing", "thresholds.psi",
            ],
            AnalysisChecks.Faults(options).Select(static one => one.Field).Order(StringComparer.Ordinal));
    }
}
