using ServerlessMeta.Metrics;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Tests.RunWatch;

/// <summary>A run's metrics and their watch, without storage: each call a write of its own, until the points are packed anew.</summary>
internal sealed class WatchedRun(bool isOn = true)
{
    private LatestTable latest = new([]);
    private RunWatcher? watcher;
    private IReadOnlyList<byte[]> stored = [];
    private List<byte[]> tail = [];

    public Dictionary<string, string> Declared { get; } = new(StringComparer.Ordinal);

    public List<SeenAnomaly> Seen { get; } = [];

    public IReadOnlyList<byte[]> Stored => stored;

    /// <summary>How many writes stored the watch.</summary>
    public int Stores { get; private set; }

    public IEnumerable<string> Told => Seen.Select(static one => FormattableString.Invariant($"{AnomalyKinds.WordOf(one.Kind)} {one.Metric}@{one.Step}"));

    public RunWatcher Watcher => watcher ??= new RunWatcher(stored, [.. tail], isOn, latest.Count, latest.KeyOf, key => Declared.GetValueOrDefault(key));

    /// <summary>One log call, stored.</summary>
    public void Log(params IEnumerable<(string Metric, double Value, long Step)> points) => Log(points.Select(static point => (point.Metric, point.Value, point.Step, 1000 + point.Step)));

    public void Log(params IEnumerable<(string Metric, double Value, long Step, long Timestamp)> points)
    {
        var taken = new List<KeyedPoint>();
        foreach (var (metric, value, step, timestamp) in points)
        {
            var point = new StoredPoint(timestamp, step, value);
            taken.Add(new KeyedPoint(latest.Take(metric, point), point));
            Watcher.See(taken[^1].Ordinal, metric, point);
        }
        Watcher.Take();
        var isFull = tail.Count >= RunRow.TailProperties;
        tail = isFull ? [] : [.. tail, .. TailCodec.Encode(taken)];
        Settle(isFull);
    }

    /// <summary>The points leave the run's row.</summary>
    public void Spill()
    {
        tail = [];
        Settle(isSpilled: true);
    }

    public void LogAll(string metric, params IEnumerable<double> values)
    {
        var step = 0;
        foreach (var value in values)
        {
            Log((metric, value, step++));
        }
    }

    public void Declare(string metric, string? value)
    {
        Watcher.Expect("watch." + metric);
        Declared.Remove("watch." + metric);
        if (value is not null)
        {
            Declared.Add("watch." + metric, value);
        }
        Watcher.Declare("watch." + metric, latest.OrdinalOf);
        Settle(isSpilled: false);
    }

    /// <summary>Another instance reads the run.</summary>
    public void Reload()
    {
        latest = new LatestTable([.. Enumerable.Range(0, latest.ChunkCount).Select(latest.Chunk)]);
        watcher = null;
    }

    public void Overwrite(byte[] chunk) => (stored, watcher) = ([chunk], null);

    // As a write does.
    private void Settle(bool isSpilled)
    {
        Seen.AddRange(Watcher.Found);
        var isStored = isSpilled || Watcher.IsDue;
        if (isStored)
        {
            stored = Watcher.Pack(tail.Count, latest.Count);
            Stores++;
        }
        Watcher.Settle(isStored);
    }
}
