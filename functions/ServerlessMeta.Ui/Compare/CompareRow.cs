using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <param name="Name">What is compared.</param>
/// <param name="Note">More of it, in a word.</param>
/// <param name="Cells">Of each side.</param>
/// <param name="Differs">Whether the sides do.</param>
/// <param name="Change">In which way.</param>
public sealed record CompareRow(string Name, string? Note, ImmutableArray<CompareCell> Cells, bool Differs, string Change);
