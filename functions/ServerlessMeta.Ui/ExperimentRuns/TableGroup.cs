using System.Collections.Immutable;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>Runs that agree in the field by which they are grouped.</summary>
/// <param name="Value">Null: they do not have it.</param>
/// <param name="Runs">How many there are.</param>
/// <param name="Address">Their table.</param>
/// <param name="Figures">Mean and deviation of each metric that is shown.</param>
public sealed record TableGroup(string? Value, int Runs, string Address, ImmutableArray<TableCell> Figures);
