using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>Things of one kind, a row each.</summary>
/// <param name="Columns">What stands in the columns.</param>
/// <param name="Rows">As many cells as there are columns.</param>
/// <param name="More">How many rows are recorded beside those shown.</param>
internal sealed record CardTable(ImmutableArray<string> Columns, ImmutableArray<CardTableRow> Rows, int More = 0)
{
    /// <summary>All rows that are known, those that are not shown too.</summary>
    public ImmutableArray<CardTableRow> All { get; init; } = Rows;
}
