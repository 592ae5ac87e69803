using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A window, and a column of it.</summary>
/// <param name="Cause">Why it was computed again.</param>
/// <param name="Columns">The columns that can be chosen, those that drifted marked.</param>
/// <param name="Column">The chosen one; null: none was compared.</param>
/// <param name="Whole">Metrics of the window as a whole, of performance and of its estimate.</param>
/// <param name="Alarms">What detectors said of its labelled predictions.</param>
public sealed record WindowDetail(
    string Id, DateTimeOffset Start, DateTimeOffset End, int Revision, string? Cause, DateTimeOffset ComputedAt, int Baseline, string State, long Rows, long Predictions, long Labelled,
    ImmutableArray<ColumnChoiceLine> Columns, ColumnDetail? Column, ImmutableArray<MetricLine> Whole, ImmutableArray<AlarmLine> Alarms);
