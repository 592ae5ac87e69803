using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// Table <c>artifacts</c>: 16 partitions, the first hex digit of the name's SHA-256 (<c>{name}</c>); all rows of an artifact lie in one, so that each change is one
/// transaction:
/// <code>
/// a|{first 64 characters, hex}.{name}              the artifact: its newest version in brief, the digests seen of late
/// v|{name}|{4294967295 - number:d10}               a version, the newest first
/// c|{name}|{m,s,d}|{digest}                        the version that has an MD5, a SHA-256 or an opaque digest (by its SHA-256)
/// u|{name}|{number:d10}|{m,u}|{run}                a run made or used the version
/// w|{run}|{name}|{number:d10}|{m,u}                the same, found by the run
/// </code>
/// </summary>
internal static class ArtifactVersionKeys
{
    public const int Partitions = 16;
    public const long MaxNumber = uint.MaxValue;

    // Names that agree in so many characters are listed in the order of their hashes.
    private const int OrderedCharacters = 64;
    private const int HashLength = 64;

    /// <summary>The letters of rows that are records: artifacts and versions. Claims and uses are looked up, not recorded: versions and runs say the same.</summary>
    public const string RecordLetters = "av";

    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Partitions).Select(static digit => digit.ToString("x", CultureInfo.InvariantCulture));

    public static string NameOf(string name) => Hash(name);

    public static string Partition(string name) => Hash(name)[..1];

    public static string Artifact(string name) => $"a|{Ordered(name)}.{Hash(name)}";

    /// <summary>What names the artifact in the key of its row or of a version's.</summary>
    public static string? ObjectOf(string rowKey)
    {
        var start = rowKey[0] == 'a' ? rowKey.LastIndexOf('.') + 1 : 2;
        return rowKey.Length >= start + HashLength ? rowKey.Substring(start, HashLength) : null;
    }

    /// <summary>Where the rows of an artifact lie that are records.</summary>
    public static IEnumerable<(string From, string Below)> RecordsOf(string artifactRow, string name) => [(artifactRow, artifactRow + '!'), ($"v|{name}|", $"v|{name}}}")];

    /// <summary>Where the artifacts lie whose names begin so; of a prefix longer than the ordered part, more than those.</summary>
    public static (string From, string Below) Artifacts(string prefix) => ($"a|{Ordered(prefix)}", $"a|{Ordered(prefix)}}}");

    public static string Version(string name, long number) => string.Create(CultureInfo.InvariantCulture, $"v|{Hash(name)}|{MaxNumber - number:d10}");

    public static (string From, string Below) Versions(string name) => ($"v|{Hash(name)}|", $"v|{Hash(name)}}}");

    public static string Claim(string name, KnownDigest digest) => $"c|{Hash(name)}|" + digest.Kind switch
    {
        DigestKind.Md5 => $"m|{digest.Value}",
        DigestKind.Sha256 => $"s|{digest.Value}",
        _ => $"d|{Hash(digest.Value)}",
    };

    public static string Use(VersionUse use) =>
        string.Create(CultureInfo.InvariantCulture, $"u|{Hash(use.Name)}|{use.Number:d10}|{Letter(use.Direction)}|{use.Run}");

    public static (string From, string Below) Uses(string name, long number) =>
        (string.Create(CultureInfo.InvariantCulture, $"u|{Hash(name)}|{number:d10}|"), string.Create(CultureInfo.InvariantCulture, $"u|{Hash(name)}|{number:d10}}}"));

    public static string OfRun(VersionUse use) =>
        string.Create(CultureInfo.InvariantCulture, $"w|{use.Run}|{Hash(use.Name)}|{use.Number:d10}|{Letter(use.Direction)}");

    public static (string From, string Below) AllOfRun(RunId run) => ($"w|{run}|", $"w|{run}}}");

    private static char Letter(UseDirection direction) => direction is UseDirection.Made ? 'm' : 'u';

    // Four hex digits a UTF-16 unit: legal in a key, in the order of the text, and a prefix stays a prefix. The '.' behind it sorts before every digit.
    private static string Ordered(string text) => Convert.ToHexStringLower(Encoding.BigEndianUnicode.GetBytes(text.Length > OrderedCharacters ? text[..OrderedCharacters] : text));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
