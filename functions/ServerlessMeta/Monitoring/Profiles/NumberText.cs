using System.Globalization;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Numbers in UTF-8. Short decimals, which most are, are read as a whole number over a power of ten: both are exact, so the quotient is the nearest double.</summary>
internal static class NumberText
{
    private const long LargestExact = 1L << 53;
    private const int MostPlaces = 22;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Also NaN and the infinities, by any of their usual names.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        if (TryParseShort(text, out number))
        {
            return true;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) || TryParseInfinity(text, out number);
    }

    private static bool TryParseShort(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        var isNegative = !text.IsEmpty && text[0] == '-';
        text = isNegative ? text[1..] : text;
        if (text.Length is 0 or > 18)
        {
            return false;
        }
        var (digits, places, point) = (0L, 0, false);
        foreach (var c in text)
        {
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }
            var digit = c - '0';
            if ((uint)digit > 9)
            {
                return false;
            }
            digits = (digits * 10) + digit;
            places += point ? 1 : 0;
        }
        // A lone point is no number.
        if (digits > LargestExact || places > MostPlaces || (point && text.Length == 1))
        {
            return false;
        }
        number = digits / Powers[places];
        number = isNegative ? 0 - number : number;
        return true;
    }

    private static bool TryParseInfinity(ReadOnlySpan<byte> text, out double number)
    {
        var isNegative = text.StartsWith("-"u8);
        var word = isNegative || text.StartsWith("+"u8) ? text[1..] : text;
        number = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return System.Text.Ascii.EqualsIgnoreCase(word, "inf"u8);
    }
}
