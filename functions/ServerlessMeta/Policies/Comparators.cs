namespace ServerlessMeta.Policies;

/// <summary>The signs of comparators.</summary>
internal static class Comparators
{
    public static string SignOf(Comparator comparator) => comparator switch
    {
        Comparator.AtLeast => ">=",
        Comparator.Above => ">",
        Comparator.AtMost => "<=",
        Comparator.Below => "<",
        _ => "=",
    };

    public static Comparator? Find(string sign) => sign switch
    {
        ">=" => Comparator.AtLeast,
        ">" => Comparator.Above,
        "<=" => Comparator.AtMost,
        "<" => Comparator.Below,
        "=" or "==" => Comparator.Equal,
        _ => null,
    };

    public static bool Holds(Comparator comparator, double left, double right) => comparator switch
    {
        Comparator.AtLeast => left >= right,
        Comparator.Above => left > right,
        Comparator.AtMost => left <= right,
        Comparator.Below => left < right,
        _ => left == right,
    };
}
