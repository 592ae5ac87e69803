using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring;

/// <summary>What a window says of one column.</summary>
public sealed record ColumnResult
{
    public required string Column { get; init; }

    public required ColumnRole Role { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Of the column as a whole; one bad column never fails a report.</summary>
    public required MetricStatus Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>The verdict of the metric that decides for this column; drift as well where the missing share changed (a column that the window lacks is missing in all its rows), or the type.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Which metric decided; <c>missing</c> or <c>type</c> where that alone did.</summary>
    public string? DecidedBy { get; init; }

    public ImmutableArray<MetricResult> Metrics { get; init; } = [];

    /// <summary>Categories that the baseline has not, the most frequent twenty, each with its share of the window.</summary>
    public ImmutableArray<CategoryShare> NewCategories { get; init; } = [];
}
