using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>Runs that agree in a field.</summary>
/// <param name="Value">What they agree in; null: they do not have it.</param>
/// <param name="Runs">How many there are.</param>
/// <param name="Figures">Of each column that was asked for.</param>
public sealed record RunGroup(string? Value, int Runs, ImmutableArray<GroupFigure> Figures);
