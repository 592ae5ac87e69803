using System.Globalization;

namespace ServerlessMeta.Search;

/// <summary>Numbers in queries and in params: invariant floats, also <c>nan</c>, <c>inf</c> and <c>infinity</c> in any case, as Python writes them.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;

        var word = text.Trim();
        var negative = word is ['-', ..];
        if (word is ['-' or '+', ..]) word = word[1..];
        if (!word.Equals("inf", StringComparison.OrdinalIgnoreCase)) return false;

        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    /// <summary>The words that are numbers when they are not quoted.</summary>
    public static bool IsWord(ReadOnlySpan<char> word) =>
        word.Equals("nan", StringComparison.OrdinalIgnoreCase) || word.Equals("inf", StringComparison.OrdinalIgnoreCase)
        || word.Equals("infinity", StringComparison.OrdinalIgnoreCase);

    public static string Print(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
