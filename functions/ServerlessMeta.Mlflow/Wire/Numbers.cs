using System.Globalization;
using System.Text.Json;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>Numbers as the protocol accepts them.</summary>
internal static class Numbers
{
    public static bool TryInt(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>A whole number written as a float, such as <c>12.0</c> or <c>1e3</c>.</summary>
    public static bool TryWhole(JsonElement number, out long value)
    {
        if (number.TryGetDecimal(out var exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue)
        {
            value = (long)exact;
            return true;
        }
        value = 0;
        return false;
    }

    public static bool TryValue(string text, out double value)
    {
        switch (text)
        {
            case "NaN":
                value = double.NaN;
                return true;
            case "Infinity":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity":
                value = double.NegativeInfinity;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }
    }
}
