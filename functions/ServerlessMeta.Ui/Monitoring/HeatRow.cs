using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A column of data, or a measure of windows as a whole.</summary>
/// <param name="Name">Of the column or the measure.</param>
/// <param name="Role">What the column is; null: a feature.</param>
/// <param name="Metric">By which it is judged.</param>
/// <param name="IsColumn">False: of windows as a whole.</param>
/// <param name="Cells">One for each window.</param>
public sealed record HeatRow(string Name, string? Role, string Metric, bool IsColumn, ImmutableArray<HeatCell> Cells);
