namespace ServerlessMeta.Monitoring;

/// <summary>What the history keeps of a metric of a window; see <see cref="MetricResult"/>.</summary>
internal sealed record MetricPoint
{
    public required MetricStatus Status { get; init; }

    public required Verdict Verdict { get; init; }

    public double? Value { get; init; }

    public double? P { get; init; }

    public double? PLow { get; init; }

    public double? AdjustedP { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    public double? Threshold { get; init; }

    public double? Reference { get; init; }

    public long ReferenceCount { get; init; }

    public long CurrentCount { get; init; }

    public static MetricPoint Of(MetricResult metric) => new()
    {
        Status = metric.Status,
        Verdict = metric.Verdict,
        Value = metric.Value,
        P = metric.P,
        PLow = metric.PLow,
        AdjustedP = metric.AdjustedP,
        Low = metric.Low,
        High = metric.High,
        Threshold = metric.Threshold,
        Reference = metric.Reference,
        ReferenceCount = metric.ReferenceCount,
        CurrentCount = metric.CurrentCount,
    };
}
