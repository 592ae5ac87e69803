using System.Collections.Immutable;
using System.Xml;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>Options of watching, as they are written, answered and stored; each field may be left out.</summary>
public sealed record OptionsView
{
    public SchemaView? Schema { get; init; }

    /// <summary>The metric that decides for numeric columns.</summary>
    public string? NumericMetric { get; init; }

    /// <summary>The metric that decides for categorical columns.</summary>
    public string? CategoricalMetric { get; init; }

    /// <summary>Thresholds by metric.</summary>
    public IReadOnlyDictionary<string, double>? Thresholds { get; init; }

    public double? Alpha { get; init; }

    /// <summary><c>none</c>, <c>bonferroni</c>, <c>holm</c> or <c>bh</c>.</summary>
    public string? Correction { get; init; }

    public double? DriftShare { get; init; }

    public int? MinCount { get; init; }

    public double? MinCoverage { get; init; }

    public int? MinLabels { get; init; }

    /// <summary>How long labels are waited for, as an ISO 8601 duration: <c>P30D</c>.</summary>
    public string? MaxLabelLag { get; init; }

    public double? MinEffect { get; init; }

    /// <summary>Which detectors listen to labels; none said: those that suit the task.</summary>
    public IReadOnlyList<string>? Detectors { get; init; }

    /// <summary>With what windows are compared beside the baseline: <c>previous</c>, <c>rolling(2)</c> to <c>rolling(100)</c>.</summary>
    public IReadOnlyList<string>? CompareWith { get; init; }

    /// <summary>Whether profiles keep some rows as they are: <c>none</c> or <c>sample</c>.</summary>
    public string? KeepRows { get; init; }

    internal static OptionsView Of(WatchOptions options)
    {
        var (analysis, schema) = (options.Analysis, options.Analysis.Schema);
        return new OptionsView
        {
            Schema = new SchemaView(schema.Task.ToString().ToLowerInvariant(), schema.Id, schema.Time, schema.Prediction, schema.Score, schema.Label, schema.Positive),
            NumericMetric = analysis.NumericMetric,
            CategoricalMetric = analysis.CategoricalMetric,
            Thresholds = analysis.Thresholds,
            Alpha = analysis.Alpha,
            Correction = analysis.Correction,
            DriftShare = analysis.DriftShare,
            MinCount = analysis.MinCount,
            MinCoverage = analysis.MinCoverage,
            MinLabels = analysis.MinLabels,
            MaxLabelLag = XmlConvert.ToString(analysis.MaxLabelLag),
            MinEffect = analysis.MinEffect,
            Detectors = analysis.Detectors.IsDefaultOrEmpty ? null : analysis.Detectors,
            CompareWith = analysis.CompareWith.IsDefaultOrEmpty ? null : analysis.CompareWith,
            KeepRows = options.KeepsSample ? "sample" : "none",
        };
    }

    /// <summary>The options that were stored; what a field does not say is as by default.</summary>
    internal WatchOptions ToOptions()
    {
        var standard = new AnalysisOptions();
        return new WatchOptions(
            new AnalysisOptions
            {
                Schema = Schema is not { } schema ? PredictionSchema.None
                    : new PredictionSchema(Enum.Parse<ModelTask>(schema.Task ?? nameof(ModelTask.None), ignoreCase: true), schema.Id, schema.Time, schema.Prediction, schema.Score, schema.Label, schema.Positive),
                NumericMetric = NumericMetric ?? standard.NumericMetric,
                CategoricalMetric = CategoricalMetric ?? standard.CategoricalMetric,
                Thresholds = Thresholds?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? standard.Thresholds,
                Alpha = Alpha ?? standard.Alpha,
                Correction = Correction ?? standard.Correction,
                DriftShare = DriftShare ?? standard.DriftShare,
                MinCount = MinCount ?? standard.MinCount,
                MinCoverage = MinCoverage ?? standard.MinCoverage,
                MinLabels = MinLabels,
                MaxLabelLag = MaxLabelLag is null ? standard.MaxLabelLag : XmlConvert.ToTimeSpan(MaxLabelLag),
                MinEffect = MinEffect ?? standard.MinEffect,
                Detectors = [.. Detectors ?? []],
                CompareWith = [.. CompareWith ?? []],
            },
            KeepRows == "sample");
    }
}
