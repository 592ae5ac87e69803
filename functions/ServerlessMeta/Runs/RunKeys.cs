using System.Globalization;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Runs;

/// <summary>
/// Table <c>runs</c>; an experiment's runs lie in 2^bits partitions <c>{hash:x2}|{experiment:x10}|{partition:x4}</c>, named by the run id alone:
/// <code>
/// r|{run}                             the run: info, tail t0.., packed params p.., tags g.., latest metrics m.., inputs d.., watch x..
/// r|{run}|{p,g,m,d}{number:d3}        what the run row does not hold of them
/// s|{run}|{group:d4}|{sequence:d8}    packed points of 100 metrics, a property each: x{ordinal}, shared times in a
/// h|{run}                             the run is hot: written since it was last cooled
/// h~                                  the number of the newest cold entry; sorts after every h|
/// k|{number:d12}                      runs that were cooled together
/// </code>
/// </summary>
internal static class RunKeys
{
    public const string ColdCounter = "h~";

    public static (string From, string Below) Runs => ("r|", "r}");

    public static (string From, string To) Hot => ("h|", ColdCounter);

    public static string Partition(RunId id) => Partition(id.Experiment, id.Partition);

    public static string Partition(ExperimentId experiment, int partition)
    {
        // Two digits of a hash in front, so that new experiments spread over the service's ranges.
        var hash = (byte)((ulong)experiment.Number * 0x9E3779B97F4A7C15UL >> 56);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x2}|{experiment.Number:x10}|{partition:x4}");
    }

    public static string Run(RunId id) => $"r|{id}";

    public static string Beside(RunId id, char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"r|{id}|{kind}{number:d3}");

    public static (string From, string Below) AllBeside(RunId id) => ($"r|{id}|", $"r|{id}}}");

    public static string Segment(RunId id, int group, int sequence) => string.Create(CultureInfo.InvariantCulture, $"s|{id}|{group:d4}|{sequence:d8}");

    public static (string From, string Below) Segments(RunId id, int group) =>
        (string.Create(CultureInfo.InvariantCulture, $"s|{id}|{group:d4}|"), string.Create(CultureInfo.InvariantCulture, $"s|{id}|{group:d4}}}"));

    /// <summary>Every segment of a run.</summary>
    public static (string From, string Below) AllSegments(string run) => ($"s|{run}|", $"s|{run}}}");

    /// <summary>The kind of chunks that a row beside a run holds; null for the run's own.</summary>
    public static char? KindBeside(string rowKey) => rowKey.Length > 35 ? rowKey[35] : null;

    public static int SequenceOf(string segmentKey) => int.Parse(segmentKey.AsSpan(segmentKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    public static string HotRun(RunId id) => $"h|{id}";

    public static string Cold(long number) => string.Create(CultureInfo.InvariantCulture, $"k|{number:d12}");

    public static RunId RunOf(string rowKey) => RunId.Parse(rowKey[2..34], CultureInfo.InvariantCulture);
}
