using System.Collections.Immutable;
using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Policies;

/// <summary>What a policy says.</summary>
/// <param name="HigherIsBetter">Of metrics by name, whether more is better; it wins over what evaluations say.</param>
/// <param name="Gates">Aliases first, then stages, in the ordinal order of their names; none: nothing is guarded.</param>
public sealed record PolicyContent(ImmutableSortedDictionary<string, bool> HigherIsBetter, ImmutableArray<Gate> Gates)
{
    public static PolicyContent Empty { get; } = new(EvaluationContent.NoDirections, []);
}
