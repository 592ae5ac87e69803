using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>One metric of one column (or of a window as a whole). Never NaN or infinite: what is, is null with a flag.</summary>
public sealed record MetricResult
{
    /// <summary>Its name: <c>psi</c>, <c>js</c>, <c>ks</c>, <c>wasserstein</c>, <c>missing</c>, <c>accuracy</c>, ...</summary>
    public required string Metric { get; init; }

    public required MetricStatus Status { get; init; }

    public double? Value { get; init; }

    /// <summary>The p-value, where the metric is a test.</summary>
    public double? P { get; init; }

    /// <summary>The least p-value that the bounds of a profile allow; <see cref="P"/> is the greatest. Null where the value is exact.</summary>
    public double? PLow { get; init; }

    /// <summary>The p-value after correction for the many columns.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>Bounds of the value: it is certainly (a profile's) or with 95 % (a sample's) within.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>How it was computed: <c>exact</c>, <c>profile</c>, <c>base2-distance</c>, ...</summary>
    public required string Method { get; init; }

    public double? Threshold { get; init; }

    /// <summary>Values compared on the reference's side, and on the window's.</summary>
    public long ReferenceCount { get; init; }

    public long CurrentCount { get; init; }

    /// <summary>The same metric of the baseline, where it has one (performance).</summary>
    public double? Reference { get; init; }

    public Verdict Verdict { get; init; }

    /// <summary>Remarks: <c>zeroVarianceReference</c>, <c>regrouped</c>, <c>infinite</c>, <c>belowFloor</c> and
    /// <c>notSignificant</c> (chance makes as much), <c>moderate</c>, <c>major</c>, <c>capped</c>, <c>estimated</c>, <c>approximate</c>.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>Why it could not be computed.</summary>
    public string? Reason { get; init; }
}
