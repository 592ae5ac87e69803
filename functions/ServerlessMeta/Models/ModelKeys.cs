using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Models;

/// <summary>
/// Table <c>models</c>, one partition, so that every change of the registry is one transaction; {model} is the model's number, {version} a version's:
/// <code>
/// c                                                                     the number of the next model
/// n|{SHA-256 of its name}                                               the claim that makes the name unique
/// m|{model:d10}                                                         a registered model: aliases, stages, tags, the end of its audit chain
/// v|{model:d10}|{version:d10}                                           a version
/// g|{model:d10}|{version:d10}|{SHA-256 of its key}                      the value of a tag that is too large for its record's row; the model's own as version 0
/// f|{model:d10}|{version:d10}                                           what a version was made from, as it was found when it was registered
/// i|{SHA-256 of name and key}                                           the model that a creation with an idempotency key made
/// i|{model:d10}|{SHA-256 of key}                                        the version that a creation with an idempotency key made
/// h|{model:d10}|{version:d10}|{99999999999999 - milliseconds:d14}|{9999999999 - revision:d10}   the row as a change left it, the newest first; the model's own as version 0
/// o|{model:d10}|{revision:d10}|{number:d2}                              outbox: an event that webhooks have not taken yet
/// </code>
/// </summary>
internal static class ModelKeys
{
    public const string Partition = "r";
    public const string Counter = "c";

    /// <summary>The highest number of a model.</summary>
    public const long MaxModel = 9_999_999_999;

    /// <summary>The letters of the rows that are records, the model's own first: all but claims (c, i, n), outbox, counters and the audit's own. Every feature takes its letters from these.</summary>
    public const string RecordLetters = "mvabdefghklpqrstuwxz";
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static (string From, string Below) Models => ("m|", "m}");

    public static (string From, string Below) Outbox => ("o|", "o}");

    public static string Name(string name) => $"n|{Hash(name)}";

    public static string Model(long model) => $"m|{ObjectKey(model)}";

    public static string Version(long model, int version) => $"v|{OfVersion(model, version)}";

    public static (string From, string Below) AllVersions => ("v|", "v}");

    public static (string From, string Below) Versions(long model) => ($"v|{ObjectKey(model)}|", $"v|{ObjectKey(model)}}}");

    public static string History(long model, int version, DateTimeOffset at, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"h|{OfVersion(model, version)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{LastRevision - revision:d10}");

    /// <summary>The states of a row from a moment back, the one that held then first.</summary>
    public static (string From, string Below) HistoryUntil(long model, int version, DateTimeOffset asOf) =>
        (string.Create(CultureInfo.InvariantCulture, $"h|{OfVersion(model, version)}|{LastMillisecond - asOf.ToUnixTimeMilliseconds():d14}|"), $"h|{OfVersion(model, version)}}}");

    public static string LargeTag(long model, int version, string key) => $"g|{OfVersion(model, version)}|{Hash(key)}";

    public static (string From, string Below) LargeTags(long model, int version) => ($"g|{OfVersion(model, version)}|", $"g|{OfVersion(model, version)}}}");

    public static string Origin(long model, int version) => $"f|{OfVersion(model, version)}";

    public static string Creation(string name, string key) => string.Create(CultureInfo.InvariantCulture, $"i|{Hash($"{name.Length}:{name}{key}")}");

    public static string VersionCreation(long model, string key) => $"i|{ObjectKey(model)}|{Hash(key)}";

    /// <summary>Whether a row is part of the audited record of a model: not one of the counter, claims, outbox and audit. Its key names the model second.</summary>
    public static bool IsRecord(string rowKey) => rowKey.Length >= 12 && rowKey[1] == '|' && rowKey[0] is not ('n' or 'i' or 'o' or 'j' or 'y');

    public static string Event(long model, long revision, int number) => string.Create(CultureInfo.InvariantCulture, $"o|{model:d10}|{revision:d10}|{number:d2}");

    /// <summary>The part of a row key that names the model; every feature's rows of a model have it second.</summary>
    public static string ObjectKey(long model) => string.Create(CultureInfo.InvariantCulture, $"{model:d10}");

    /// <summary>The part of a row key that names a version.</summary>
    public static string OfVersion(long model, int version) => string.Create(CultureInfo.InvariantCulture, $"{model:d10}|{version:d10}");

    public static long ModelOf(string rowKey) => long.Parse(rowKey.AsSpan(2, 10), NumberStyles.None, CultureInfo.InvariantCulture);

    public static int VersionOf(string rowKey) => int.Parse(rowKey.AsSpan(13, 10), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
