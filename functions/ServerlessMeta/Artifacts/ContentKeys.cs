using System.Security.Cryptography;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Table <c>contents</c>, 256 partitions by the first two digits of the SHA-256:
/// <code>
/// c|{SHA-256}              the claim: which blob has these bytes
/// a|{SHA-256}|{blob}       a fault that a verification found
/// </code>
/// Container <c>content</c>: <c>c/{random}</c> bytes that came through the store, <c>p/{random}</c> bytes that were put straight there, <c>m/{random}</c> parts
/// until they are complete.
/// </summary>
internal static class ContentKeys
{
    public const string Direct = "p/";
    public const string Parts = "m/";
    private const string Streamed = "c/";
    private const int IdBytes = 16;

    public static (string From, string Below) Claims => ("c|", "c}");

    public static string Partition(string sha256) => sha256[..2];

    public static string Claim(string sha256) => $"c|{sha256}";

    public static string Fault(string sha256, string blob) => $"a|{sha256}|{blob[(blob.IndexOf('/', StringComparison.Ordinal) + 1)..]}";

    public static (string From, string Below) Faults(string sha256) => ($"a|{sha256}|", $"a|{sha256}}}");

    public static string Sha256Of(string claim) => claim[2..];

    public static string NewBlob() => Streamed + NewId();

    public static string NewId() => RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);
}
