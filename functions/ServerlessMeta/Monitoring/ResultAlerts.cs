namespace ServerlessMeta.Monitoring;

/// <summary>What a result warns of, each by an id: <c>column:{name}</c>, <c>dataset:{metric}</c>, <c>performance:{metric}</c>.</summary>
internal static class ResultAlerts
{
    /// <summary>The metric of a window as a whole that says whether its data drifted.</summary>
    public const string DriftShare = "driftShare";

    /// <summary>Columns, and metrics of the window as a whole, that drifted.</summary>
    public static IEnumerable<string> OfData(WindowResult result) =>
    [
        .. result.Dataset.Where(static metric => metric.Verdict is Verdict.Drift).Select(static metric => $"dataset:{metric.Metric}"),
        .. result.Columns.Where(static column => column.Verdict is Verdict.Drift).Select(static column => $"column:{column.Column}"),
    ];

    /// <summary>Metrics of performance that are worse than the baseline's.</summary>
    public static IEnumerable<string> OfPerformance(WindowResult result) => result.Performance.Where(static metric => metric.Verdict is Verdict.Drift).Select(static metric => $"performance:{metric.Metric}");

    /// <summary>Whether there was anything to compare its data with.</summary>
    public static bool IsDataJudged(WindowResult result) => result.Columns.Any(static column => column.Verdict is not Verdict.None);

    /// <summary>Whether labels were enough to judge its performance.</summary>
    public static bool IsPerformanceJudged(WindowResult result) => result.Performance.Any(static metric => metric.Verdict is not Verdict.None);
}
