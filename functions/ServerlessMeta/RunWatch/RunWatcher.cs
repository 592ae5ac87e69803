using ServerlessMeta.Metrics;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// The watch of one run, held by the run's writer with the rest of its state: the series that look like losses or scores by their name, or that a tag or param declares so, up to 32 in the order in
/// which they came. What it remembers follows from the points, and those of the last writes lie in the run's own row. So it is stored there, eight series a chunk, only now and then, and whoever reads the run
/// takes the points in that came since: a log call carries its points alone. Unpacked when a point first needs it.
/// </summary>
/// <param name="packed">The chunks as they are stored.</param>
/// <param name="tail">The points in the run's row, a write each.</param>
/// <param name="isOn">Whether to watch; if not, what is stored is kept.</param>
/// <param name="there">How many metrics the run has.</param>
/// <param name="metricOf">The name of the metric that has an ordinal.</param>
/// <param name="declared">What a tag or param of a name says.</param>
internal sealed class RunWatcher(IReadOnlyList<byte[]> packed, IReadOnlyList<byte[]> tail, bool isOn, int there, Func<int, string> metricOf, Func<string, string?> declared)
{
    public const int MaxChunks = 4;
    private const int ChunkSeries = 8;
    private const int MaxSeries = MaxChunks * ChunkSeries;

    // A write records so many; what is beyond them is said again when it begins anew.
    private const int MaxFound = 64;

    // Whoever reads the run takes in so many points, and those of a write, at most.
    private const int MostUnstored = 4096;

    private const short Unknown = 0;
    private const short Unwatched = -1;

    private readonly List<SeenAnomaly> found = [];
    private List<(SeriesWatch Series, StoredPoint Point)> incoming = [];
    private List<SeriesWatch>? series;
    private bool isForeign;

    // What came since it was stored, and with the write that is being made.
    private int unstored;
    private int calls;
    private bool isTurned;

    // By ordinal: the number of its series and one, or one of the above.
    private readonly List<short> slots = [];

    /// <summary>What was seen since the last write.</summary>
    public IReadOnlyList<SeenAnomaly> Found => found;

    /// <summary>
    /// Whether the next write stores it: when it tells of something, so that nothing is told twice; when a declaration turned it; when the write joins calls, for points count in the order of their steps
    /// within a call only; and when many came since.
    /// </summary>
    public bool IsDue => isOn && series is not null && !isForeign && (found.Count > 0 || isTurned || calls > 1 || unstored >= MostUnstored);

    /// <summary>About what it takes in memory, in bytes.</summary>
    public int Weight => (2 * slots.Count) + (600 * (series?.Count ?? 0));

    /// <summary>The chunks to store with the points so far.</summary>
    /// <param name="covered">How many writes in the run's row they cover.</param>
    /// <param name="metrics">How many metrics the run has.</param>
    public IReadOnlyList<byte[]> Pack(int covered, int metrics)
    {
        if (series is null || isForeign)
        {
            // Whoever does not watch may have packed the points anew: all of them are looked at again, and those that were seen pass.
            return [.. packed.Select(SeriesCodec.Uncover)];
        }
        var chunks = new byte[Math.Max(1, (series.Count + ChunkSeries - 1) / ChunkSeries)][];
        for (var number = 0; number < chunks.Length; number++)
        {
            chunks[number] = SeriesCodec.Encode(covered, metrics, series.Skip(number * ChunkSeries).Take(ChunkSeries));
        }
        return chunks;
    }

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
            one.Take(point, found);
        }
        unstored += incoming.Count;
        calls++;
        if (found.Count > MaxFound)
        {
            found.RemoveRange(MaxFound, found.Count - MaxFound);
        }
        incoming.Clear();
    }

    /// <summary>A tag or param is about to be set or removed: what points before it tell goes by what was declared then.</summary>
    public void Expect(string key)
    {
        if (isOn && key.StartsWith(WatchedName.Declaration, StringComparison.Ordinal))
        {
            Unpack();
        }
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
                isTurned = true;
            }
            return;
        }
        var one = series![slots[ordinal] - 1];
        isTurned = true;
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

    /// <summary>The write took effect.</summary>
    /// <param name="isStored">Whether it stored the watch.</param>
    public void Settle(bool isStored)
    {
        found.Clear();
        (calls, isTurned, unstored) = (0, false, isStored ? 0 : unstored);
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
        var (covered, seen) = (0, 0);
        foreach (var chunk in packed)
        {
            if (TryDecode(chunk) is not { } read)
            {
                isForeign = true;
                return;
            }
            (covered, seen) = (read.Covered, read.Metrics);
            series.AddRange(read.Series);
        }
        // Metrics that were there when it was stored were looked at then.
        for (var ordinal = 0; ordinal < seen; ordinal++)
        {
            slots.Add(Unwatched);
        }
        for (var number = 0; number < series.Count; number++)
        {
            slots[series[number].Ordinal] = (short)(number + 1);
        }
        Pair();
        Replay(covered);
    }

    // Whatever these points tell was told with them.
    private void Replay(int covered)
    {
        var points = new List<KeyedPoint>();
        foreach (var write in tail.Skip(covered))
        {
            points.Clear();
            TailCodec.Decode(write, points);
            foreach (var (ordinal, point) in points)
            {
                See(ordinal, metricOf(ordinal), point);
            }
            Take();
        }
        Settle(isStored: false);
    }

    // No run is to be stopped by what watches it: state that makes no sense is left alone.
    private (int Covered, int Metrics, List<SeriesWatch> Series)? TryDecode(byte[] chunk)
    {
        try
        {
            return SeriesCodec.Decode(chunk, metricOf) is { } read && read.Metrics <= there && read.Series.TrueForAll(one => one.Ordinal < read.Metrics) ? read : null;
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
        var isInOrder = true;
        foreach (var (one, point) in incoming)
        {
            var queued = one.Queued;
            isInOrder &= point.Step > queued.Step || (point.Step == queued.Step && point.Timestamp >= queued.Timestamp);
            if (one.Training is { } training)
            {
                isInOrder &= training.Queued.Step <= point.Step;
                training.Compared = Math.Max(training.Compared, point.Step);
            }
            else
            {
                isInOrder &= point.Step > one.Compared;
            }
            one.Queued = (point.Step, point.Timestamp);
        }
        foreach (var one in series!)
        {
            (one.Queued, one.Compared) = ((long.MinValue, long.MinValue), long.MinValue);
        }
        return isInOrder;
    }
}
