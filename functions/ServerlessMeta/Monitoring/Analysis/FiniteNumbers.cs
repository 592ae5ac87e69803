using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>The last guard before JSON, which has no NaN and no infinity: such a number becomes null, with a flag.</summary>
internal static class FiniteNumbers
{
    private const string Flag = "infinite";

    public static WindowResult Of(WindowResult result) => result with
    {
        Columns = [.. result.Columns.Select(Of)],
        Dataset = [.. result.Dataset.Select(Of)],
        Performance = [.. result.Performance.Select(Of)],
        Estimated = [.. result.Estimated.Select(Of)],
        Comparisons = [.. result.Comparisons.Select(static one => one with { Columns = [.. one.Columns.Select(Of)], Dataset = [.. one.Dataset.Select(Of)] })],
    };

    public static ColumnResult Of(ColumnResult column) => column with
    {
        Metrics = [.. column.Metrics.Select(Of)],
        NewCategories = [.. column.NewCategories.Where(static one => double.IsFinite(one.Share))],
    };

    public static MetricResult Of(MetricResult metric)
    {
        if (IsFinite(metric.Value) && IsFinite(metric.P) && IsFinite(metric.PLow) && IsFinite(metric.AdjustedP) && IsFinite(metric.Low) && IsFinite(metric.High) && IsFinite(metric.Threshold) && IsFinite(metric.Reference))
        {
            return metric;
        }
        return metric with
        {
            Value = Finite(metric.Value),
            P = Finite(metric.P),
            PLow = Finite(metric.PLow),
            AdjustedP = Finite(metric.AdjustedP),
            Low = Finite(metric.Low),
            High = Finite(metric.High),
            Threshold = Finite(metric.Threshold),
            Reference = Finite(metric.Reference),
            Status = IsFinite(metric.Value) ? metric.Status : MetricStatus.NotComputable,
            Reason = IsFinite(metric.Value) ? metric.Reason : metric.Reason ?? "It is not finite.",
            Flags = metric.Flags.Contains(Flag) ? metric.Flags : metric.Flags.Add(Flag),
        };
    }

    private static bool IsFinite(double? number) => number is not { } some || double.IsFinite(some);

    private static double? Finite(double? number) => IsFinite(number) ? number : null;
}
