namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What is asked of something that is watched.</summary>
/// <param name="Window">Whose details; null: the last that says something.</param>
/// <param name="Column">Whose details; null: the most troubled.</param>
/// <param name="Metric">Which measure of performance.</param>
/// <param name="Before">Windows that start before; null: the last.</param>
/// <param name="ShowsAll">All columns.</param>
internal sealed record TargetQuery(string? Window, string? Column, string? Metric, DateTimeOffset? Before, bool ShowsAll);
