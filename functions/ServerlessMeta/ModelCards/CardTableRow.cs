using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>A row of a table, and the record that says it.</summary>
/// <param name="Cells">Texts; an empty one where nothing is recorded.</param>
/// <param name="Record">The record that says it.</param>
internal sealed record CardTableRow(ImmutableArray<string> Cells, string Record);
