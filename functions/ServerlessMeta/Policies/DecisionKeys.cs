using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;

namespace ServerlessMeta.Policies;

/// <summary>
/// Decisions on guarded aliases and stages, in the registry's partition; {model} as there:
/// <code>
/// d|{model:d10}|{99999999999999 - milliseconds:d14}|{9999999999 - revision:d10}|{16 digits of SHA-256 of what moved}   a decision, the last first
/// </code>
/// </summary>
internal static class DecisionKeys
{
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static string Decision(long model, DateTimeOffset at, long revision, GateTarget target) => string.Create(
        CultureInfo.InvariantCulture,
        $"d|{ModelKeys.ObjectKey(model)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{LastRevision - revision:d10}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target.ToString())))[..16]}");

    /// <summary>The decisions of a model, those alone that were taken by a moment when there is one.</summary>
    public static (string From, string Below) Decisions(long model, DateTimeOffset? until)
    {
        var all = $"d|{ModelKeys.ObjectKey(model)}";
        return (until is { } moment ? string.Create(CultureInfo.InvariantCulture, $"{all}|{LastMillisecond - moment.ToUnixTimeMilliseconds():d14}|") : $"{all}|", $"{all}}}");
    }
}
