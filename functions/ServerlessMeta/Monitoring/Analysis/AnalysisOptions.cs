using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>How what is watched is judged. The defaults are the field's.</summary>
public sealed record AnalysisOptions
{
    public PredictionSchema Schema { get; init; } = PredictionSchema.None;

    /// <summary>The metric that decides for numeric columns: <c>wasserstein</c> (normed), <c>psi</c>, <c>js</c>, <c>ks</c>, <c>hellinger</c>.</summary>
    public string NumericMetric { get; init; } = "js";

    /// <summary>The metric that decides for categorical columns: <c>js</c>, <c>psi</c>, <c>chi2</c>, <c>linf</c>, <c>tvd</c>, <c>hellinger</c>.</summary>
    public string CategoricalMetric { get; init; } = "js";

    /// <summary>Thresholds by metric, beside the defaults.</summary>
    public ImmutableSortedDictionary<string, double> Thresholds { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The level of tests.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary><c>none</c>, <c>bonferroni</c>, <c>holm</c> or <c>bh</c>.</summary>
    public string Correction { get; init; } = "bh";

    /// <summary>The share of features that must drift for the window to have drifted.</summary>
    public double DriftShare { get; init; } = 0.5;

    /// <summary>Fewer values than this are not compared.</summary>
    public int MinCount { get; init; } = 30;

    /// <summary>Share of predictions that must have labels for performance to be judged, or for the window to close.</summary>
    public double MinCoverage { get; init; } = 0.5;

    /// <summary>Labels that performance needs; null: 200 for classes, 50 for numbers.</summary>
    public int? MinLabels { get; init; }

    /// <summary>How long labels are waited for.</summary>
    public TimeSpan MaxLabelLag { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The least loss of performance that matters, absolute (of a share) or relative (of an error).</summary>
    public double MinEffect { get; init; } = 0.02;

    /// <summary>Which detectors listen to labelled predictions: <c>adwin</c>, <c>ddm</c>, <c>ddm_guarded</c> (which waits for five errors first), <c>eddm</c>, <c>hddm_a</c>, <c>hddm_w</c>, <c>page_hinkley</c>, <c>kswin</c>; none said: those that suit the task.</summary>
    public ImmutableArray<string> Detectors { get; init; } = [];

    /// <summary>With what windows are compared beside the baseline: <c>previous</c>, <c>rolling(2)</c> to <c>rolling(100)</c>.</summary>
    public ImmutableArray<string> CompareWith { get; init; } = [];
}
