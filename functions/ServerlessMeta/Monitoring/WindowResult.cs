using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>What was computed of a window. Immutable: a window whose data or labels came late has a next revision.</summary>
public sealed record WindowResult
{
    /// <summary>The window's id, unique for what is watched.</summary>
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>1 when first computed.</summary>
    public required int Revision { get; init; }

    public required DateTimeOffset ComputedAt { get; init; }

    /// <summary>Why it was computed again: <c>lateData</c>, <c>lateLabels</c>, <c>newBaseline</c>; null for the first.</summary>
    public string? Cause { get; init; }

    /// <summary>The number of the baseline that it was compared with; 0: there was none, and nothing could be compared.</summary>
    public required int Baseline { get; init; }

    public required WindowState State { get; init; }

    public required long Rows { get; init; }

    /// <summary>Predictions that can be joined, and those of them that have labels.</summary>
    public long Predictions { get; init; }

    public long Labelled { get; init; }

    public DateTimeOffset? FirstLabel { get; init; }

    public DateTimeOffset? LastLabel { get; init; }

    public ImmutableArray<ColumnResult> Columns { get; init; } = [];

    /// <summary>Of the window as a whole: <c>driftShare</c> (features that drifted, of those compared), <c>pcaReconstruction</c>, <c>correlation</c>.</summary>
    public ImmutableArray<MetricResult> Dataset { get; init; } = [];

    /// <summary>By labels: <c>accuracy</c>, <c>f1</c>, <c>rocAuc</c>, <c>rmse</c>, ... each with bounds and the baseline's value. Closed windows, or enough labels, have verdicts.</summary>
    public ImmutableArray<MetricResult> Performance { get; init; } = [];

    /// <summary>Without labels (CBPE); flagged <c>estimated</c>.</summary>
    public ImmutableArray<MetricResult> Estimated { get; init; } = [];

    public ImmutableArray<DetectorAlarm> Alarms { get; init; } = [];

    /// <summary>The same data against windows before, as they were when this was computed; one for each that the options name (<c>compareWith</c>).</summary>
    public ImmutableArray<ProfileComparison> Comparisons
    {
        // Results of before have none, and what is read sets what it lacks to nothing.
        get => field.IsDefault ? [] : field;
        init;
    }
}
