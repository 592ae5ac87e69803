using System.Security.Cryptography;

namespace ServerlessMeta.Platform;

/// <summary>A row carries the id of its last write, so that a writer whose answer was lost finds that its write took effect.</summary>
internal static class WriteId
{
    public const string Property = "w";

    public static string New() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
