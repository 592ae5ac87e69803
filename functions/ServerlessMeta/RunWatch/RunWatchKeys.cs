using System.Globalization;
using ServerlessMeta.Runs;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// Beside the runs of an experiment, in the partition of each:
/// <code>
/// w|{99999999999999 - milliseconds:d14}|{run}|{9999999999 - revision:d10}   what one write of a run showed to be wrong in its metrics, the newest first
/// x|{run}|{9999999999 - revision:d10}                                       the same, found by the run
/// </code>
/// </summary>
internal static class RunWatchKeys
{
    private const long LastMillisecond = 99_999_999_999_999;
    private const long LastRevision = 9_999_999_999;

    public static string ByTime(DateTimeOffset at, RunId run, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"w|{LastMillisecond - at.ToUnixTimeMilliseconds():d14}|{run}|{LastRevision - revision:d10}");

    public static string ByRun(RunId run, long revision) => string.Create(CultureInfo.InvariantCulture, $"x|{run}|{LastRevision - revision:d10}");

    /// <summary>What was seen at a moment or later.</summary>
    public static (string From, string Below) Since(DateTimeOffset since) =>
        ("w|", string.Create(CultureInfo.InvariantCulture, $"w|{LastMillisecond - Math.Clamp(since.ToUnixTimeMilliseconds(), 0, LastMillisecond):d14}}}"));

    public static (string From, string Below) OfRun(RunId run) => ($"x|{run}|", $"x|{run}}}");
}
