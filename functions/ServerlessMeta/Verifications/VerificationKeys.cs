using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.Verifications;

/// <summary>
/// Verifications of versions' files in the registry's partition; {model} and {version} as there:
/// <code>
/// x|{model:d10}|{version:d10}|{99999999999999 - milliseconds:d14}|{9999999999 - revision:d10}   the files of a version were read again, the last first
/// </code>
/// </summary>
internal static class VerificationKeys
{
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static string Verification(long model, int version, DateTimeOffset at, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"x|{ModelKeys.OfVersion(model, version)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{LastRevision - revision:d10}");

    /// <summary>The verifications of a version, those alone that were made by a moment when there is one.</summary>
    public static (string From, string Below) Verifications(long model, int version, DateTimeOffset? until)
    {
        var all = $"x|{ModelKeys.OfVersion(model, version)}";
        return (until is { } moment ? string.Create(CultureInfo.InvariantCulture, $"{all}|{LastMillisecond - moment.ToUnixTimeMilliseconds():d14}|") : $"{all}|", $"{all}}}");
    }
}
