using System.Globalization;

namespace ServerlessMeta.Platform;

/// <summary>Reads what native lists take in their queries: <c>pageSize</c> and instants.</summary>
internal static class QueryFields
{
    public const int PageSize = 100;
    public const int MaxPageSize = 1000;

    public static int SizeOf(string? pageSize, List<Failure.Invalid> faults)
    {
        if (string.IsNullOrEmpty(pageSize))
        {
            return PageSize;
        }
        if (int.TryParse(pageSize, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxPageSize)
        {
            return size;
        }
        faults.Add(new Failure.Invalid("pageSize", $"A whole number from 1 to {MaxPageSize} is expected."));
        return PageSize;
    }

    /// <summary>An instant as in ISO 8601, in UTC unless it says otherwise; null when there is none.</summary>
    public static DateTimeOffset? InstantOf(string name, string? text, List<Failure.Invalid> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        // An unescaped '+' of an offset arrives as a space.
        if (text.Length <= 40 && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant.UtcDateTime.Year is >= 1970 and < 3000)
        {
            return instant;
        }
        faults.Add(new Failure.Invalid(name, "An instant as in 2026-01-31T12:00:00Z is expected."));
        return null;
    }
}
