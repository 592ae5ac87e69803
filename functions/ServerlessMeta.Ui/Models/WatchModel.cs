using System.Collections.Immutable;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Ui.Models;

public sealed record WatchModel
{
    /// <summary>In the order of time.</summary>
    public required ImmutableArray<WatchPoint> Points { get; init; }

    /// <summary>The metric of performance; null: the task is not said, so none is judged.</summary>
    public string? Metric { get; init; }

    /// <summary>The baseline's own value of it.</summary>
    public double? Reference { get; init; }

    /// <summary>Fired for the version, and the one that it came of; the newest first.</summary>
    public required ImmutableArray<Trigger> Triggers { get; init; }
}
