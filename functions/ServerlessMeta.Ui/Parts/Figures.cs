using System.Globalization;

namespace ServerlessMeta.Ui.Parts;

/// <summary>Numbers as people read them: as many digits as tell something, units that fit.</summary>
internal static class Figures
{
    private const int Significant = 5;
    private const double Kibi = 1024;
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Five significant digits; very large and very small ones with an exponent.</summary>
    public static string Text(double value) => value switch
    {
        0 => "0",
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ when Math.Abs(value) is >= 1e7 or < 1e-4 => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
        _ when value == Math.Floor(value) => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => Math.Round(value, Math.Clamp(Significant - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15)).ToString("#,0.##########", CultureInfo.InvariantCulture),
    };

    public static string Text(double? value) => value is { } one ? Text(one) : "–";

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Share(double value) => (value * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Bytes(long count)
    {
        var (value, unit) = ((double)count, 0);
        for (; value >= Kibi && unit < ByteUnits.Length - 1; unit++)
        {
            value /= Kibi;
        }
        return value.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + ByteUnits[unit];
    }

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
    };
}
