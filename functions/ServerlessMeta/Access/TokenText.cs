using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Access;

/// <summary>
/// A token as its holder has it: <c>smt_</c>, its id (24 hex digits), a secret (40 letters and digits, 238 random bits). The id finds the row, so that checking it is one read; the SHA-256 of the
/// whole proves it.
/// </summary>
internal static partial class TokenText
{
    public const string Prefix = "smt_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const long LastMillisecond = (1L << 44) - 1;

    /// <summary>A new token; ids of later milliseconds sort before earlier ones.</summary>
    public static string New(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{LastMillisecond - now.ToUnixTimeMilliseconds():x11}{RandomNumberGenerator.GetHexString(13, lowercase: true)}{RandomNumberGenerator.GetString(Alphabet, 40)}");

    /// <summary>The id in a token; null when the text has not the shape of one.</summary>
    public static string? IdOf(string text) => Pattern.IsMatch(text) ? text[Prefix.Length..(Prefix.Length + 24)] : null;

    public static bool IsId(string text) => IdPattern.IsMatch(text);

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"^smt_[0-9a-f]{24}[0-9A-Za-z]{40}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern { get; }

    [GeneratedRegex(@"^[0-9a-f]{24}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern { get; }
}
