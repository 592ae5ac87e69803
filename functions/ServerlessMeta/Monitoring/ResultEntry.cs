namespace ServerlessMeta.Monitoring;

/// <summary>A result as the history tells it.</summary>
/// <param name="Window">The window's id.</param>
/// <param name="Start">Where the window starts.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Brief">The result in brief.</param>
internal sealed record ResultEntry(string Window, DateTimeOffset Start, DateTimeOffset End, ResultBrief Brief)
{
    /// <summary>What of its data drifted; see <see cref="ResultAlerts"/>.</summary>
    public IReadOnlyList<string> DataAlerts { get; init; } = [];

    /// <summary>Which of its performance is worse.</summary>
    public IReadOnlyList<string> PerformanceAlerts { get; init; } = [];

    public bool IsDataJudged { get; init; }

    public bool IsPerformanceJudged { get; init; }
}
