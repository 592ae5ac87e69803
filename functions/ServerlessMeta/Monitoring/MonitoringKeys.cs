using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Table <c>monitoring</c>: 16 partitions, the first hex digit of the SHA-256 of what is watched (<c>{target}</c>, its <see cref="MonitorTarget.Key"/>); all of it lies in one, so that each post and
/// each result is one transaction. {window}, {part} and {batch} are the first 32 digits of the SHA-256 of their ids:
/// <code>
/// t|{target}                                                      what is watched: options, the baseline in force, the end of its audit chain
/// n|{first 64 characters, hex}.{target}                           a monitor without a model, in the order of names
/// b|{target}|{9999999999 - number:d10}                            a baseline, the newest first
/// i|{target}|{window}                                             the claim of a window's id: its start and its end; how many parts came
/// w|{target}|{start:d14}|{window}                                 a window in the order of starts, and its newest result in brief
/// p|{target}|{window}|{part}                                      a part of a window: where its profile and its predictions are
/// e|{target}|{batch}                                              a batch of labels
/// l|{target}|{day:yyyyMMdd}|{batch}                               the same, by each day of the predictions that it labels
/// o|{target}|{day:yyyyMMdd}|{batch}                               the same, by the day on which it came, while some of its labels wait for their predictions
/// h|{target}|{99999999999999 - start:d14}|{window}|{9999999999 - revision:d10}   a result, the newest window and revision first: packed metrics m00 to m31
/// d|{due:d14}|{target}|{w,l,b,e}...                               there is something to do, at once (0) or later: a window, what labels came for, what a baseline or options change, labels that waited long enough
/// s|{target}                                                      what detectors remember
/// c|{target}                                                      who computes it now, and until when
/// m|{target}                                                      what was computed last, for those who follow it
/// </code>
/// Partition <c>timer</c>: where the drift timer goes on:
/// <code>
/// cursor   the target after which the next run begins
/// </code>
/// </summary>
internal static class MonitoringKeys
{
    public const int Partitions = 16;
    public const string TimerPartition = "timer";
    public const string Cursor = "cursor";

    /// <summary>The letters of audited rows: what is watched, and its baselines. Windows, labels and results are data.</summary>
    public const string RecordLetters = "tb";

    /// <summary>Starts of windows and other instants lie below it, in milliseconds.</summary>
    public const long LastMillisecond = 99_999_999_999_999;
    private const long LastNumber = 9_999_999_999;
    private const int HashDigits = 32;
    private const int OrderedCharacters = 64;

    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Partitions).Select(static digit => digit.ToString("x", CultureInfo.InvariantCulture));

    public static (string From, string Below) Targets => ("t|", "t}");

    public static (string From, string Below) Monitors => ("n|", "n}");

    public static string Partition(MonitorTarget target) => PartitionOf(target.Key);

    public static string PartitionOf(string key) => Hash(key)[..1];

    public static string Target(MonitorTarget target) => $"t|{target.Key}";

    public static string TargetOf(string key) => $"t|{key}";

    /// <summary>Whether a text may be the key of a target.</summary>
    public static bool IsTarget(string text) => text.Length <= 2 + (2 * SHA256.HashSizeInBytes) && text.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.');

    public static string Monitor(MonitorTarget target, string name) =>
        $"n|{string.Concat(name.Take(OrderedCharacters).Select(static letter => ((int)letter).ToString("x4", CultureInfo.InvariantCulture)))}.{target.Key}";

    public static string Baseline(MonitorTarget target, int number) => string.Create(CultureInfo.InvariantCulture, $"b|{target.Key}|{LastNumber - number:d10}");

    public static (string From, string Below) Baselines(MonitorTarget target) => ($"b|{target.Key}|", $"b|{target.Key}}}");

    public static string Claim(MonitorTarget target, string window) => $"i|{target.Key}|{Short(window)}";

    public static string Window(MonitorTarget target, DateTimeOffset start, string window) =>
        string.Create(CultureInfo.InvariantCulture, $"w|{target.Key}|{start.ToUnixTimeMilliseconds():d14}|{Short(window)}");

    /// <summary>The windows that start from a moment on, and before another; null: any.</summary>
    public static (string From, string Below) Windows(MonitorTarget target, DateTimeOffset? from, DateTimeOffset? below) => (
        from is { } first ? string.Create(CultureInfo.InvariantCulture, $"w|{target.Key}|{Math.Max(0, first.ToUnixTimeMilliseconds()):d14}|") : $"w|{target.Key}|",
        below is { } last ? string.Create(CultureInfo.InvariantCulture, $"w|{target.Key}|{Math.Clamp(last.ToUnixTimeMilliseconds(), 0, LastMillisecond):d14}|") : $"w|{target.Key}}}");

    public static string Part(MonitorTarget target, string window, string part) => $"p|{target.Key}|{Short(window)}|{Short(part)}";

    public static (string From, string Below) Parts(MonitorTarget target, string window) => ($"p|{target.Key}|{Short(window)}|", $"p|{target.Key}|{Short(window)}}}");

    /// <summary>The parts of a window that is named by its row.</summary>
    public static (string From, string Below) PartsOfWindow(string rowKey) => rowKey.Split('|') is [_, var target, _, var window] ? ($"p|{target}|{window}|", $"p|{target}|{window}}}") : throw new FormatException("No window.");

    public static string Batch(MonitorTarget target, string batch) => $"e|{target.Key}|{Short(batch)}";

    public static string Labels(MonitorTarget target, DateOnly day, string batch) => $"l|{target.Key}|{Text(day)}|{Short(batch)}";

    /// <summary>Batches that label predictions from a day to another, this included.</summary>
    public static (string From, string Below) LabelsOf(MonitorTarget target, DateOnly first, DateOnly last) => ($"l|{target.Key}|{Text(first)}|", $"l|{target.Key}|{Text(last)}}}");

    public static string Waiting(MonitorTarget target, DateOnly day, string batch) => $"o|{target.Key}|{Text(day)}|{Short(batch)}";

    /// <summary>Batches with labels that wait, which came from a day to another, this included; null: any.</summary>
    public static (string From, string Below) WaitingOf(MonitorTarget target, DateOnly? first, DateOnly? last) => (
        first is { } from ? $"o|{target.Key}|{Text(from)}|" : $"o|{target.Key}|",
        last is { } below ? $"o|{target.Key}|{Text(below)}}}" : $"o|{target.Key}}}");

    public static string Result(MonitorTarget target, DateTimeOffset start, string window, int revision) =>
        string.Create(CultureInfo.InvariantCulture, $"h|{target.Key}|{LastMillisecond - start.ToUnixTimeMilliseconds():d14}|{Short(window)}|{LastNumber - revision:d10}");

    public static (string From, string Below) Results(MonitorTarget target) => ($"h|{target.Key}|", $"h|{target.Key}}}");

    /// <summary>The results of one window, the newest first.</summary>
    public static (string From, string Below) Results(MonitorTarget target, DateTimeOffset start, string window) => (
        string.Create(CultureInfo.InvariantCulture, $"h|{target.Key}|{LastMillisecond - start.ToUnixTimeMilliseconds():d14}|{Short(window)}|"),
        string.Create(CultureInfo.InvariantCulture, $"h|{target.Key}|{LastMillisecond - start.ToUnixTimeMilliseconds():d14}|{Short(window)}}}"));

    /// <summary>The results of windows that start before a moment, the last of them first.</summary>
    public static (string From, string Below) ResultsBefore(MonitorTarget target, DateTimeOffset start) =>
        (string.Create(CultureInfo.InvariantCulture, $"h|{target.Key}|{LastMillisecond - start.ToUnixTimeMilliseconds() + 1:d14}|"), $"h|{target.Key}}}");

    /// <summary>The part of a result's key that the results of one window share.</summary>
    public static string WindowOfResult(string rowKey) => rowKey[..rowKey.LastIndexOf('|')];

    /// <summary>A window to compute; no moment: at once.</summary>
    public static string ChangedWindow(MonitorTarget target, DateTimeOffset? due, DateTimeOffset start, string window) =>
        string.Create(CultureInfo.InvariantCulture, $"d|{due?.ToUnixTimeMilliseconds() ?? 0:d14}|{target.Key}|w|{start.ToUnixTimeMilliseconds():d14}|{Short(window)}");

    public static string ChangedLabels(MonitorTarget target, string batch) => string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|{target.Key}|l|{Short(batch)}");

    public static string ChangedBaseline(MonitorTarget target) => string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|{target.Key}|b");

    /// <summary>Labels that came on a day have waited long enough, from a moment on.</summary>
    public static string ExpiringLabels(MonitorTarget target, DateTimeOffset due) => string.Create(CultureInfo.InvariantCulture, $"d|{due.ToUnixTimeMilliseconds():d14}|{target.Key}|e");

    /// <summary>All that is to be computed by a moment.</summary>
    public static (string From, string Below) ChangedBy(DateTimeOffset now) => ("d|", string.Create(CultureInfo.InvariantCulture, $"d|{now.ToUnixTimeMilliseconds() + 1:d14}|"));

    /// <summary>What is to be computed at once, of one target.</summary>
    public static (string From, string Below) ChangedOf(MonitorTarget target) =>
        (string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|{target.Key}|"), string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|{target.Key}}}"));

    /// <summary>The target's key in that of something to compute.</summary>
    public static string TargetOfChange(string rowKey) => rowKey.Split('|')[2];

    /// <summary>Whether it is to be computed at once, not from a moment on.</summary>
    public static bool IsAtOnce(string rowKey) => rowKey.StartsWith(string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|"), StringComparison.Ordinal);

    /// <summary>Behind all that is to be computed of the same target at the same moment.</summary>
    public static string BehindTargetOfChange(string rowKey) => string.Join('|', rowKey.Split('|')[..3]) + "}";

    /// <summary>What is to be done: <c>w</c>, <c>l</c>, <c>b</c> or <c>e</c>.</summary>
    public static char KindOfChange(string rowKey) => rowKey.Split('|')[3][0];

    /// <summary>The row of the window that something to compute names.</summary>
    public static string WindowOfChange(string rowKey) => rowKey.Split('|') is [_, _, var target, _, var start, var window] ? $"w|{target}|{start}|{window}" : throw new FormatException("No window.");

    /// <summary>That a window, named by its row, is to be computed at once.</summary>
    public static string ChangeOfWindow(string rowKey) => rowKey.Split('|') is [_, var target, var start, var window] ? string.Create(CultureInfo.InvariantCulture, $"d|{0:d14}|{target}|w|{start}|{window}") : throw new FormatException("No window.");

    /// <summary>The row of the batch of labels that something to compute names.</summary>
    public static string BatchOfChange(string rowKey) => rowKey.Split('|') is [_, _, var target, _, var batch] ? $"e|{target}|{batch}" : throw new FormatException("No batch.");

    public static string Detectors(MonitorTarget target) => $"s|{target.Key}";

    public static string Lease(MonitorTarget target) => $"c|{target.Key}";

    public static string Moved(MonitorTarget target) => $"m|{target.Key}";

    public static (string From, string Below) AllMoved => ("m|", "m}");

    private static string Text(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Short(string id) => Hash(id)[..HashDigits];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
