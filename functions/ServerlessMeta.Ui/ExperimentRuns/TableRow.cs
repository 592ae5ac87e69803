using System.Collections.Immutable;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>A run in the table.</summary>
/// <param name="Id">Of the run.</param>
/// <param name="Place">In the order, from 0.</param>
/// <param name="Name">Its name, or the id when it has none.</param>
/// <param name="Status">In words.</param>
/// <param name="Kind">Of the badge.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Duration">Until it ended, or until now.</param>
/// <param name="User">Who ran it.</param>
/// <param name="Cells">One for each column.</param>
public sealed record TableRow(string Id, int Place, string Name, string Status, string Kind, DateTimeOffset StartedAt, string Duration, string User, ImmutableArray<TableCell> Cells);
