using System.Collections.Frozen;

namespace ServerlessMeta.Search;

/// <summary>Tests texts, ordinally.</summary>
internal sealed class TextTest(Comparators comparator, IReadOnlyList<string> values)
{
    private readonly string first = values[0];
    private readonly LikePattern pattern = new(values[0], ignoreCase: comparator is Comparators.ILike);

    private readonly FrozenSet<string> set = comparator is Comparators.In or Comparators.NotIn
        ? values.ToFrozenSet(StringComparer.Ordinal)
        : FrozenSet<string>.Empty;

    public bool Holds(string value) => comparator switch
    {
        Comparators.Equal => string.Equals(value, first, StringComparison.Ordinal),
        Comparators.NotEqual => !string.Equals(value, first, StringComparison.Ordinal),
        Comparators.Like or Comparators.ILike => pattern.Matches(value),
        Comparators.In => set.Contains(value),
        Comparators.NotIn => !set.Contains(value),
        _ => false,
    };
}
