using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// The text of a category, one for all formats: a number is written as the shortest text that reads back the same, a whole one (up to 2^53) without point or exponent; truth
/// values are <c>true</c> and <c>false</c>; what is longer than 128 UTF-16 units is <c>sha256:</c> and 64 hex digits of its UTF-8. A list is <c>[...]</c>, an object <c>{...}</c>.
/// So <c>1</c>, <c>1.0</c> and <c>01</c> are one category.
/// </summary>
public static class CategoryText
{
    public const int Longest = 128;

    public const string True = "true";

    public const string False = "false";

    public const string List = "[...]";

    public const string Object = "{...}";

    internal const double LargestWhole = 9_007_199_254_740_992;

    public static string Of(double number) => Math.Abs(number) <= LargestWhole && number == Math.Truncate(number)
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);

    public static string Of(bool value) => value ? True : False;

    /// <summary>Of a text as it was given, which may spell a number or a truth value.</summary>
    public static string Of(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return Of(number);
        }
        return text.Equals(True, StringComparison.OrdinalIgnoreCase) ? True
            : text.Equals(False, StringComparison.OrdinalIgnoreCase) ? False
            : OfWords(text);
    }

    /// <summary>Of a text that is no number and no truth value.</summary>
    internal static string OfWords(string text) =>
        text.Length <= Longest ? text : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
