using System.Collections.Immutable;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <param name="Rows">In their order.</param>
/// <param name="HasTrend">Whether there is a column for the trend of the first metric.</param>
public sealed record TableRowsModel(ImmutableArray<TableRow> Rows, bool HasTrend);
