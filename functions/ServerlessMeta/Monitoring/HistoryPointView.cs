using System.Text.Json;

namespace ServerlessMeta.Monitoring;

/// <summary>A metric of a window, by its newest result.</summary>
public sealed record HistoryPointView
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required int Revision { get; init; }

    /// <summary>The baseline's number.</summary>
    public required int Baseline { get; init; }

    /// <summary><c>ok</c>, <c>tooFewSamples</c>, ...</summary>
    public required string Status { get; init; }

    public required string Verdict { get; init; }

    public double? Value { get; init; }

    public double? P { get; init; }

    public double? PLow { get; init; }

    public double? AdjustedP { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    public double? Threshold { get; init; }

    /// <summary>The baseline's own value, where it has one.</summary>
    public double? Reference { get; init; }

    public required long ReferenceCount { get; init; }

    public required long CurrentCount { get; init; }

    internal static HistoryPointView Of(ResultEntry entry, MetricPoint point) => new()
    {
        Window = entry.Window,
        Start = entry.Start,
        End = entry.End,
        Revision = entry.Brief.Revision,
        Baseline = entry.Brief.Baseline,
        Status = JsonNamingPolicy.CamelCase.ConvertName(point.Status.ToString()),
        Verdict = JsonNamingPolicy.CamelCase.ConvertName(point.Verdict.ToString()),
        Value = point.Value,
        P = point.P,
        PLow = point.PLow,
        AdjustedP = point.AdjustedP,
        Low = point.Low,
        High = point.High,
        Threshold = point.Threshold,
        Reference = point.Reference,
        ReferenceCount = point.ReferenceCount,
        CurrentCount = point.CurrentCount,
    };
}
