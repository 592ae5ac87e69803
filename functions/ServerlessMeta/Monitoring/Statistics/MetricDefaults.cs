using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Which metric is judged by what, unless the options say otherwise. A distance of its threshold or more is drift; a test says drift when its p-value is below its level.</summary>
internal static class MetricDefaults
{
    /// <summary>Evidently's and SageMaker's threshold of distances.</summary>
    private const double Distance = 0.1;

    /// <summary>Change of a correlation (ours).</summary>
    private const double Correlation = 0.2;

    /// <summary>Growth of the error of reconstruction, as a multiple of the baseline's (ours).</summary>
    private const double Reconstruction = 1.25;

    /// <summary>Level of the test of missing shares (ours).</summary>
    private const double MissingLevel = 0.01;

    /// <summary>A change of the missing share that matters (ours).</summary>
    public const double MissingEffect = 0.02;

    /// <summary>Bands of the PSI.</summary>
    public const double Moderate = 0.1;
    public const double Major = 0.25;

    /// <summary>Null: the metric is only reported.</summary>
    public static double? Threshold(string metric, AnalysisOptions options) => options.Thresholds.TryGetValue(metric, out var own) ? own : metric switch
    {
        "psi" or "psiBins" or "js" or "wasserstein" or "hellinger" or "kl" or "linf" or "tvd" or "cramersV" or "ksRobust" => Distance,
        "correlation" => Correlation,
        "pcaReconstruction" => Reconstruction,
        "missing" => MissingLevel,
        "ks" or "chi2" or "andersonDarling" or "cramerVonMises" or "mannWhitney" or "mmd" => options.Alpha,
        _ => null,
    };

    /// <summary>Its verdict is by a p-value.</summary>
    public static bool IsTest(string metric) => metric is "ks" or "chi2" or "andersonDarling" or "cramerVonMises" or "mannWhitney" or "missing" or "mmd";

    /// <summary>By the p-values at hand: certain at the greatest one that the bounds allow, certain of nothing at the least one.</summary>
    public static Verdict OfTest(MetricResult metric, double p, double pLow) =>
        metric.Threshold is not { } level ? Verdict.None
        : metric.Metric == "missing" && Math.Abs(metric.Value ?? 0) < MissingEffect ? Verdict.NoDrift
        : p < level ? Verdict.Drift
        : pLow >= level ? Verdict.NoDrift
        : Verdict.Uncertain;
}
