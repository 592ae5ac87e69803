using System.Numerics;

namespace ServerlessMeta.Search;

/// <summary>The spelling of comparators.</summary>
internal static class ComparatorWords
{
    public static string Of(Comparators comparator) => comparator switch
    {
        Comparators.Equal => "=",
        Comparators.NotEqual => "!=",
        Comparators.Less => "<",
        Comparators.LessOrEqual => "<=",
        Comparators.Greater => ">",
        Comparators.GreaterOrEqual => ">=",
        Comparators.Like => "LIKE",
        Comparators.ILike => "ILIKE",
        Comparators.In => "IN",
        Comparators.NotIn => "NOT IN",
        Comparators.Between => "BETWEEN",
        Comparators.IsNull => "IS NULL",
        Comparators.IsNotNull => "IS NOT NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(comparator), comparator, "One comparator expected."),
    };

    /// <summary>The comparator written as a sign; None for any other run of signs.</summary>
    public static Comparators OfSign(string sign) => sign switch
    {
        "=" => Comparators.Equal,
        "!=" => Comparators.NotEqual,
        "<" => Comparators.Less,
        "<=" => Comparators.LessOrEqual,
        ">" => Comparators.Greater,
        ">=" => Comparators.GreaterOrEqual,
        _ => Comparators.None,
    };

    public static IEnumerable<Comparators> Each(Comparators set)
    {
        for (var bits = (uint)set; bits != 0; bits &= bits - 1) yield return (Comparators)(1u << BitOperations.TrailingZeroCount(bits));
    }
}
