using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Platform;

/// <summary>
/// Beside what a message changed, in its partition:
/// <code>
/// z|{SHA-256 of source and id}   the receipt of a message: it was applied
/// </code>
/// </summary>
internal static class ReceiptKeys
{
    public static (string From, string Below) All => ("z|", "z}");

    /// <param name="source">Who sent it; the id is unique to it.</param>
    /// <param name="id">The message's id.</param>
    public static string Of(string source, string id) =>
        // The length in front keeps ("a", "bc") and ("ab", "c") apart.
        $"z|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Length}|{source}|{id}")))}";
}
