using System.Collections.Frozen;

namespace ServerlessMeta.Search;

/// <summary>Tests numbers as floats compare: NaN is in no relation, so only != and NOT IN hold for it.</summary>
internal sealed class NumberTest(Comparators comparator, IReadOnlyList<double> values)
{
    private readonly double first = values[0];
    private readonly double last = values[^1];

    // A set finds NaN, a comparison does not.
    private readonly FrozenSet<double> set = comparator is Comparators.In or Comparators.NotIn
        ? values.Where(static value => !double.IsNaN(value)).ToFrozenSet()
        : [];

    public bool Holds(double value) => comparator switch
    {
        Comparators.Equal => value == first,
        Comparators.NotEqual => value != first,
        Comparators.Less => value < first,
        Comparators.LessOrEqual => value <= first,
        Comparators.Greater => value > first,
        Comparators.GreaterOrEqual => value >= first,
        Comparators.Between => value >= first && value <= last,
        Comparators.In => set.Contains(value),
        Comparators.NotIn => !set.Contains(value),
        _ => false,
    };
}
