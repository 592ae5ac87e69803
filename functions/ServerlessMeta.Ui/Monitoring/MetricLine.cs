namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A metric of a column or a window, each number as it is shown.</summary>
/// <param name="Bounds">Between which it is.</param>
/// <param name="Remarks">Its flags, or why it could not be computed.</param>
public sealed record MetricLine(string Name, string Value, string Bounds, string P, string Threshold, string Reference, string Verdict, string Kind, string Remarks);
