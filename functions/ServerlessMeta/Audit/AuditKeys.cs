using System.Globalization;

namespace ServerlessMeta.Audit;

/// <summary>
/// Rows of the audit, beside the object that changed and in its partition, so that they are written in its transaction:
/// <code>
/// j|{object}|{number:d10}                        entries of an object that were committed together, the first's number
/// y|{99999999999999 - milliseconds:d14}|{object}|{number:d10}   the same by time, the newest first
/// </code>
/// {object} is the part of the object's own row key that names it in its partition.
/// </summary>
internal static class AuditKeys
{
    private const long LastMillisecond = 99_999_999_999_999;

    public static (string From, string Below) AllByTime => ("y|", "y}");

    public static (string From, string Below) AllEntries => ("j|", "j}");

    public static string Entry(string objectKey, long number) => string.Create(CultureInfo.InvariantCulture, $"j|{objectKey}|{number:d10}");

    public static (string From, string Below) Entries(string objectKey) => ($"j|{objectKey}|", $"j|{objectKey}}}");

    public static string ByTime(DateTimeOffset at, string objectKey, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"y|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{objectKey}|{number:d10}");

    /// <summary>The newest moments that are not later than one.</summary>
    public static string Until(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"y|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}");

    /// <summary>Whether a row is the audit's own.</summary>
    public static bool Owns(string rowKey) => rowKey.StartsWith("j|", StringComparison.Ordinal) || rowKey.StartsWith("y|", StringComparison.Ordinal);

    /// <summary>The object's part of an entry's row key.</summary>
    public static string ObjectOf(string entryRowKey) => entryRowKey[2..entryRowKey.LastIndexOf('|')];

    /// <summary>The number in an entry's row key.</summary>
    public static long NumberOf(string entryRowKey) => long.Parse(entryRowKey.AsSpan(entryRowKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
