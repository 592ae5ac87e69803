using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Detectors;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>Whether options can be followed: names that are known, numbers that make sense.</summary>
internal static class AnalysisChecks
{
    /// <summary>Metrics that can decide for numeric columns.</summary>
    public static readonly string[] Numeric = ["wasserstein", "psi", "js", "ks", "hellinger"];

    /// <summary>Metrics that can decide for categorical columns.</summary>
    public static readonly string[] Categorical = ["js", "psi", "chi2", "linf", "tvd", "hellinger"];

    /// <summary>Metrics that decide for no column, but may have a threshold.</summary>
    public static readonly string[] Others =
    [
        "andersonDarling", "correlation", "cramersV", "cramerVonMises", "distinctRatio", "energy", "infinite", "kl", "ksRobust", "mannWhitney", "missing", "mmd", "newCategories", "outOfRange",
        "pcaReconstruction", "psiBins",
    ];

    public static readonly string[] Corrections = ["none", "bonferroni", "holm", "bh"];

    private const int LongestName = 256;
    private const int MostReferences = 3;

    /// <summary>All that is wrong, by field in camel case as in the options' JSON; empty: nothing.</summary>
    public static IReadOnlyList<Failure.Invalid> Faults(AnalysisOptions options)
    {
        var faults = new List<Failure.Invalid>();
        AddSchema(faults, options.Schema);
        OneOf(faults, "numericMetric", options.NumericMetric, Numeric);
        OneOf(faults, "categoricalMetric", options.CategoricalMetric, Categorical);
        OneOf(faults, "correction", options.Correction, Corrections);
        foreach (var (metric, threshold) in options.Thresholds ?? ImmutableSortedDictionary<string, double>.Empty)
        {
            OneOf(faults, $"thresholds.{metric}", metric, [.. Numeric.Union(Categorical).Union(Others)]);
            Check(faults, double.IsFinite(threshold) && threshold >= 0, $"thresholds.{metric}", "A threshold is a number that is not negative.");
        }
        Check(faults, options.Alpha is > 0 and < 1, "alpha", "The level of tests is greater than 0 and less than 1.");
        Check(faults, options.DriftShare is > 0 and <= 1, "driftShare", "The share of features is greater than 0 and at most 1.");
        Check(faults, options.MinCount is >= 1 and <= 1_000_000_000, "minCount", "The least count is 1 to 1,000,000,000.");
        Check(faults, options.MinCoverage is >= 0 and <= 1, "minCoverage", "The share of predictions with labels is 0 to 1.");
        Check(faults, options.MinLabels is null or >= 1 and <= 1_000_000_000, "minLabels", "The least count of labels is 1 to 1,000,000,000.");
        Check(faults, options.MaxLabelLag >= TimeSpan.Zero && options.MaxLabelLag <= TimeSpan.FromDays(3660), "maxLabelLag", "Labels are waited for 0 to 3,660 days.");
        Check(faults, double.IsFinite(options.MinEffect) && options.MinEffect >= 0, "minEffect", "The least effect is a number that is not negative.");
        if (!options.Detectors.IsDefault)
        {
            foreach (var name in options.Detectors)
            {
                OneOf(faults, "detectors", name, [.. DetectorSet.All]);
            }
            Check(faults, options.Detectors.Distinct(StringComparer.Ordinal).Count() == options.Detectors.Length, "detectors", "A detector listens once.");
        }
        if (!options.CompareWith.IsDefault)
        {
            Check(faults, options.CompareWith.Length <= MostReferences, "compareWith", string.Create(CultureInfo.InvariantCulture, $"Windows are compared with {MostReferences} others at most."));
            Check(faults, options.CompareWith.All(static one => ReferenceWindows.Parse(one) is not null), "compareWith", $"{ReferenceWindows.Expected} is expected.");
            Check(faults, options.CompareWith.Distinct(StringComparer.Ordinal).Count() == options.CompareWith.Length, "compareWith", "Each is named once.");
        }
        return faults;
    }

    private static void AddSchema(List<Failure.Invalid> faults, PredictionSchema schema)
    {
        Check(faults, Enum.IsDefined(schema.Task), "schema.task", "The task is none, regression, binary or multiclass.");
        (string Field, string? Column)[] columns =
        [
            ("schema.id", schema.Id), ("schema.time", schema.Time), ("schema.prediction", schema.Prediction), ("schema.score", schema.Score), ("schema.label", schema.Label),
        ];
        foreach (var (field, column) in columns)
        {
            Check(faults, column is null or { Length: >= 1 and <= LongestName }, field, string.Create(CultureInfo.InvariantCulture, $"The name of a column has 1 to {LongestName} characters."));
        }
        foreach (var same in columns.Where(static one => one.Column is not null).GroupBy(static one => one.Column, StringComparer.Ordinal).Where(static same => same.Count() > 1))
        {
            faults.Add(new(same.Last().Field, $"The column '{same.Key}' is named twice, by {string.Join(" and ", same.Select(static one => one.Field))}."));
        }
        Check(faults, schema.Positive is null || schema.Task is ModelTask.Binary, "schema.positive", "Only a binary task has a positive class.");
        Check(faults, schema.Positive is null or { Length: >= 1 and <= LongestName }, "schema.positive", string.Create(CultureInfo.InvariantCulture, $"A class has 1 to {LongestName} characters."));
        Check(faults, schema.Score is null || schema.Task is not ModelTask.Regression, "schema.score", "A regression has no score: that is the probability of a class.");
        Check(
            faults, schema.Task is ModelTask.None || schema.Prediction is not null || schema.Task is ModelTask.Binary && schema.Score is not null, "schema.prediction",
            schema.Task is ModelTask.Binary ? "A binary task has a column of predictions or of scores." : "The task has a column of predictions.");
    }

    private static void OneOf(List<Failure.Invalid> faults, string field, string? name, string[] known) =>
        Check(faults, name is not null && known.Contains(name, StringComparer.Ordinal), field, $"'{name}' is not known; known are {string.Join(", ", known)}.");

    private static void Check(List<Failure.Invalid> faults, bool isGood, string field, string problem)
    {
        if (!isGood)
        {
            faults.Add(new(field, problem));
        }
    }
}
