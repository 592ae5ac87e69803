using System.Collections.Immutable;
using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Ui.Models;

/// <summary>What was computed last of a window.</summary>
public sealed record WatchPoint
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required Verdict Verdict { get; init; }

    public required int Drifted { get; init; }

    public required int Compared { get; init; }

    public required long Rows { get; init; }

    public required long Labelled { get; init; }

    public required ImmutableArray<string> Alerts { get; init; }

    /// <summary>By labels; null: too few came.</summary>
    public double? Performance { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The share of the features that drifted; null: none was compared.</summary>
    public double? Share => Compared == 0 ? null : (double)Drifted / Compared;
}
