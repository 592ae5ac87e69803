using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Triggers;

/// <summary>Names a trigger: 32 hex digits of the SHA-256 of what led to it, so that whoever computes it, however often, names the same.</summary>
internal static class DecisionId
{
    /// <param name="rule">The rule's id.</param>
    /// <param name="revision">The rule's revision.</param>
    /// <param name="target">What is watched: the model's number, or the monitor or experiment.</param>
    /// <param name="version">The version's number; 0 without a model.</param>
    /// <param name="edge">The start of the window at which the rule began to fire; the moment of a schedule.</param>
    /// <param name="sequence">How often the rule began to fire, this time included.</param>
    public static string Of(string rule, int revision, string target, int version, DateTimeOffset edge, int sequence) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{rule}|{revision}|{target}|{version}|{edge.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}|{sequence}"))))[..32];

    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
}
