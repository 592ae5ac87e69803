using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Columns of data by windows.</summary>
/// <param name="Windows">The oldest first.</param>
/// <param name="Rows">The most troubled first.</param>
/// <param name="Hidden">Calmer rows that are not shown.</param>
/// <param name="IsWhole">False: some values stand in the windows' results alone.</param>
public sealed record HeatMap(ImmutableArray<HeatWindow> Windows, ImmutableArray<HeatRow> Rows, int Hidden, bool IsWhole);
