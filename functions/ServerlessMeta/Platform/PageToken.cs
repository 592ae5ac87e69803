using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Platform;

/// <summary>An opaque page token: what comes after, bound to the query it continues.</summary>
internal static class PageToken
{
    public static string Write(string query, string after) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Concat(Mark(query), after)));

    /// <returns>What <see cref="Write"/> was given as <c>after</c>; null when there is no token.</returns>
    public static Result<string?> Read(string query, string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (string?)null;
        }
        string text;
        try
        {
            text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
            return new Failure.Invalid("page_token", "Invalid page token, could not base64-decode");
        }
        return text.StartsWith(Mark(query), StringComparison.Ordinal)
            ? text[MarkLength..]
            : new Failure.Invalid("page_token", "Invalid page token, it belongs to another query");
    }

    /// <summary>What is said of a token that names a row outside of its list.</summary>
    public const string Elsewhere = "Invalid page token, it names nothing of this list";

    /// <summary>Whether a row key is one of a list's: a token is no secret, so whoever has one can make others.</summary>
    public static bool IsWithin(string rowKey, string from, string below) =>
        string.CompareOrdinal(rowKey, from) >= 0 && string.CompareOrdinal(rowKey, below) < 0 && !rowKey.Any(char.IsControl);

    private const int MarkLength = 16;

    private static string Mark(string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..MarkLength];
}
