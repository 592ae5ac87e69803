using System.Globalization;

namespace ServerlessMeta.ModelCards;

/// <summary>Instants as texts: UTC to the millisecond.</summary>
internal static class Moments
{
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
