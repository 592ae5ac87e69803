using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <param name="Columns">At most <see cref="PreviewLimits.Columns"/> of the <paramref name="ColumnCount"/>.</param>
/// <param name="FirstRows">Their cells as text; null where there is no value, or where it was not read (the column's note says so).</param>
/// <param name="RowsRead">How many rows the columns describe.</param>
/// <param name="Rows">How many rows there are; null when that is not known.</param>
/// <param name="Complete">Whether every row was read.</param>
/// <param name="Limit">What ended the reading; null when it is complete.</param>
public sealed record TablePreview(
    ImmutableArray<ColumnPreview> Columns, int ColumnCount, ImmutableArray<ImmutableArray<string?>> FirstRows, long RowsRead, long? Rows, bool Complete, string? Limit);
