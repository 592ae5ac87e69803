using System.Globalization;

namespace ServerlessMeta.Audit;

/// <summary>
/// Rows of the audit, beside the object that changed and in its partition, so that they are written in its transaction:
/// <code>
/// j|{object}|{9999999999 - number:d10}                                       entries of an object that were committed together, the first's number; the newest first
/// y|{99999999999999 - milliseconds:d14}|{object}|{9999999999 - number:d10}   the same by time, the newest first
/// </code>
/// {object} is the part of the object's own row key that names it in its partition.
/// </summary>
internal static class AuditKeys
{
    public const long LastNumber = 9_999_999_999;
    private const long LastMillisecond = 99_999_999_999_999;
    private const int TimeAt = 2;
    private const int TimeDigits = 14;

    public static (string From, string Below) AllByTime => ("y|", "y}");

    public static (string From, string Below) AllEntries => ("j|", "j}");

    public static string Entry(string objectKey, long number) => string.Create(CultureInfo.InvariantCulture, $"j|{objectKey}|{LastNumber - number:d10}");

    public static (string From, string Below) Entries(string objectKey) => ($"j|{objectKey}|", $"j|{objectKey}}}");

    /// <summary>The entries of an object up to a number, the newest first.</summary>
    public static (string From, string Below) EntriesUpTo(string objectKey, long number) => (Entry(objectKey, number), $"j|{objectKey}}}");

    /// <summary>The entries of the objects from one to another (not included; null: to the last).</summary>
    public static (string From, string Below) EntriesBetween(string from, string? below) => ($"j|{from}", below is null ? "j}" : $"j|{below}");

    public static string ByTime(DateTimeOffset at, string objectKey, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"y|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{objectKey}|{LastNumber - number:d10}");

    /// <summary>The entries by time from a moment back.</summary>
    public static string Until(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"y|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}");

    /// <summary>What comes behind every entry that is not older than a moment.</summary>
    public static string Before(DateTimeOffset at) =>
        at <= DateTimeOffset.UnixEpoch ? AllByTime.Below : string.Create(CultureInfo.InvariantCulture, $"y|{LastMillisecond - at.ToUnixTimeMilliseconds() + 1:d14}");

    /// <summary>The part of a by-time key that orders it by time.</summary>
    public static string TimeOf(string byTimeKey) => byTimeKey.Substring(TimeAt, TimeDigits);

    /// <summary>Where the entries of a moment begin, or where those behind it do.</summary>
    public static string AtTime(string time, bool behind) => behind ? $"y|{time}}}" : $"y|{time}";

    /// <summary>Whether a row is the audit's own.</summary>
    public static bool Owns(string rowKey) => rowKey.StartsWith("j|", StringComparison.Ordinal) || rowKey.StartsWith("y|", StringComparison.Ordinal);

    /// <summary>The object's part of an entry's row key.</summary>
    public static string ObjectOf(string entryRowKey) => entryRowKey[2..entryRowKey.LastIndexOf('|')];

    /// <summary>The number in an entry's row key; 0 when it has none.</summary>
    public static long NumberOf(string entryRowKey) =>
        long.TryParse(entryRowKey.AsSpan(entryRowKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? LastNumber - number : 0;

    /// <summary>The key of the entries that a by-time row repeats.</summary>
    public static string EntryOf(string byTimeKey) => $"j|{byTimeKey[Math.Min(byTimeKey.Length, TimeAt + TimeDigits + 1)..]}";

    /// <summary>Whether a text has the shape of a row key of entries.</summary>
    public static bool IsEntry(string rowKey)
    {
        var end = rowKey.LastIndexOf('|');
        return end > 2 && rowKey.Length - end - 1 == 10 && rowKey.AsSpan(end + 1).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
