using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.Approvals;

/// <summary>
/// What people said of versions, in the registry's partition; {model} and {version} as there:
/// <code>
/// a|{model:d10}|{version:d10}|{99999999999999 - milliseconds:d14}|{9999999999 - revision:d10}   an approval, a rejection or a withdrawal, the last first
/// </code>
/// </summary>
internal static class ApprovalKeys
{
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static string Approval(long model, int version, DateTimeOffset at, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"a|{ModelKeys.OfVersion(model, version)}|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{LastRevision - revision:d10}");

    /// <summary>All that was said of a version, that alone which was said by a moment when there is one.</summary>
    public static (string From, string Below) Approvals(long model, int version, DateTimeOffset? until)
    {
        var all = $"a|{ModelKeys.OfVersion(model, version)}";
        return (until is { } moment ? string.Create(CultureInfo.InvariantCulture, $"{all}|{LastMillisecond - moment.ToUnixTimeMilliseconds():d14}|") : $"{all}|", $"{all}}}");
    }
}
