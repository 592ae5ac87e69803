using ServerlessMeta.Metrics;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// The watch of one run, held by the run's writer with the rest of its state: the series that look like losses or scores by their name, or that a tag or param declares so, up to 32 in the order in
/// which they came. It lies in the run's own row, eight series a chunk, and is written by the same write as the points. Unpacked when a point first needs it.
/// </summary>
/// <param name="packed">The chunks as they are stored.</param>
/// <param name="isOn">Whether to watch; if not, what is stored is kept.</param>
/// <param name="there">How many metrics the run has.</param>
/// <param name="metricOf">The name of the metric that has an ordinal.</param>
/// <param name="declared">What a tag or param of a name says.</param>
internal sealed class RunWatcher(IReadOnlyList<byte[]> packed, bool isOn, int there, Func<int, string> metricOf, Func<string, string?> declared)
{
    public const int MaxChunks = 4;
    private const int ChunkSeries = 8;
    private const int MaxSeries = MaxChunks * ChunkSeries;

    // A write records so many; what is beyond them is said again when it begins anew.
    private const int MaxFound = 64;

    private const short Unknown = 0;
    private const short Unwatched = -1;

    private readonly List<SeenAnomaly> found = [];
    private List<(SeriesWatch Series, StoredPoint Point)> incoming = [];
    private List<SeriesWatch>? series;
    private bool isForeign;

    // A bit a chunk: those that changed since the last write.
    private int touched;

    // By ordinal: the number of its series and one, or one of the above.
    private readonly List<short> slots = [];

    /// <summary>What was seen since the last write.</summary>
    public IReadOnlyList<SeenAnomaly> Found => found;

    /// <summary>Whether a chunk changed since the last write.</summary>
    public bool IsTouched(int chunk) => (touched & (1 << chunk)) != 0;

    public int ChunkCount => series is null || isForeign ? packed.Count : Math.Max(packed.Count, (series.Count + ChunkSeries - 1) / ChunkSeries);

    /// <summary>About what it takes in memory, in bytes.</summary>
    public int Weight => (2 * slots.Count) + (600 * (series?.Count ?? 0));

    public byte[] Chunk(int number) => series is null || isForeign ? packed[number] : SeriesCodec.Encode(series.Skip(number * ChunkSeries).Take(ChunkSeries));

    /// <summary>Notes a point of a call; <see cref="Take"/> takes the call's points in.</summary>
    public void See(int ordinal, string metric, StoredPoint point)
    {
        if (!isOn)
        {
            return;
        }
        Unpack();
        Reach(ordinal);
        var slot = slots[ordinal];
        if (slot == Unknown)
        {
            slots[ordinal] = slot = Begin(ordinal, metric);
        }
        if (slot > 0 && !isForeign && series![slot - 1] is { IsOff: false } one)
        {
            incoming.Add((one, point));
        }
    }

    /// <summary>Takes the points of a call in, in the order of their steps; of one step what was trained first.</summary>
    public void Take()
    {
        if (incoming.Count == 0)
        {
            return;
        }
        if (!IsInOrder())
        {
            incoming = [.. incoming.OrderBy(static one => one.Point.Step).ThenBy(static one => one.Series.Name.IsEvaluation).ThenBy(static one => one.Point.Timestamp)];
        }
        foreach (var (one, point) in incoming)
        {
            if (one.Take(point, found))
            {
                Touch(slots[one.Ordinal]);
            }
        }
        if (found.Count > MaxFound)
        {
            found.RemoveRange(MaxFound, found.Count - MaxFound);
        }
        incoming.Clear();
    }

    /// <summary>A tag or param was set or removed: if it declares a metric of the run, the metric is watched as it says from here on.</summary>
    public void Declare(string key, Func<string, int> ordinalOf)
    {
        if (!isOn || !key.StartsWith(WatchedName.Declaration, StringComparison.Ordinal) || ordinalOf(key[WatchedName.Declaration.Length..]) is not (>= 0 and var ordinal))
        {
            return;
        }
        Unpack();
        Reach(ordinal);
        if (isForeign)
        {
            return;
        }
        if (slots[ordinal] <= 0)
        {
            // Begun at once and written with the declaration, so that whoever gets the next point knows.
            slots[ordinal] = Begin(ordinal, metricOf(ordinal));
            if (slots[ordinal] > 0)
            {
                Touch(slots[ordinal]);
            }
            return;
        }
        var one = series![slots[ordinal] - 1];
        Touch(slots[ordinal]);
        if (DirectionOf(one.Metric) is { } direction)
        {
            one.Turn(direction);
        }
        else
        {
            one.IsOff = true;
        }
        Pair();
    }

    /// <summary>The write is stored.</summary>
    public void Settle()
    {
        found.Clear();
        touched = 0;
    }

    private void Reach(int ordinal)
    {
        while (slots.Count <= ordinal)
        {
            slots.Add(Unknown);
        }
    }

    private void Unpack()
    {
        if (series is not null)
        {
            return;
        }
        series = [];
        // Metrics that were there when the run was first watched were looked at then.
        for (var ordinal = 0; packed.Count > 0 && ordinal < there; ordinal++)
        {
            slots.Add(Unwatched);
        }
        foreach (var chunk in packed)
        {
            if (TryDecode(chunk) is not { } some)
            {
                isForeign = true;
                return;
            }
            foreach (var one in some)
            {
                series.Add(one);
                slots[one.Ordinal] = (short)series.Count;
            }
        }
        Pair();
    }

    // No run is to be stopped by what watches it: state that makes no sense is left alone.
    private List<SeriesWatch>? TryDecode(byte[] chunk)
    {
        try
        {
            return SeriesCodec.Decode(chunk, metricOf) is { } some && some.TrueForAll(one => one.Ordinal < there) ? some : null;
        }
        catch (Exception broken) when (broken is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private short Begin(int ordinal, string metric)
    {
        if (isForeign || series!.Count == MaxSeries || DirectionOf(metric) is not { } direction)
        {
            return Unwatched;
        }
        series.Add(new SeriesWatch(ordinal, metric, WatchedName.Of(metric), direction));
        Pair();
        return (short)series.Count;
    }

    private MetricDirection? DirectionOf(string metric) =>
        WatchedName.Declared(declared(WatchedName.Declaration + metric)) is { } said ? (said.IsOff ? null : said.Direction)
        : WatchedName.MayTell(metric) ? WatchedName.Of(metric).Direction : null;

    private void Pair()
    {
        foreach (var one in series!)
        {
            one.Training = one.Name.IsEvaluation ? series.Find(other => !other.Name.IsEvaluation && !other.IsOff && other.Direction == one.Direction && other.Name.Subject == one.Name.Subject) : null;
        }
    }

    // Whether each series goes forwards, and what was trained comes before what is compared with it.
    private bool IsInOrder()
    {
        var (isForwards, hasPair, isMerged) = (true, false, true);
        var (lastStep, lastIsEvaluation) = (long.MinValue, false);
        foreach (var (one, point) in incoming)
        {
            var queued = one.Queued;
            isForwards &= point.Step > queued.Step || (point.Step == queued.Step && point.Timestamp >= queued.Timestamp);
            isMerged &= point.Step > lastStep || (point.Step == lastStep && (one.Name.IsEvaluation || !lastIsEvaluation));
            hasPair |= one.Training is not null;
            one.Queued = (point.Step, point.Timestamp);
            (lastStep, lastIsEvaluation) = (point.Step, one.Name.IsEvaluation);
        }
        foreach (var one in series!)
        {
            one.Queued = (long.MinValue, long.MinValue);
        }
        return isForwards && (isMerged || !hasPair);
    }

    private void Touch(short slot) => touched |= 1 << ((slot - 1) / ChunkSeries);
}
