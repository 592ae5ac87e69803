using ServerlessMeta.Metrics;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Tests.RunWatch;

/// <summary>A run's metrics and their watch, without storage.</summary>
internal sealed class WatchedRun(bool isOn = true)
{
    private LatestTable latest = new([]);
    private RunWatcher? watcher;
    private byte[][] stored = [];

    public Dictionary<string, string> Declared { get; } = new(StringComparer.Ordinal);

    public List<SeenAnomaly> Seen { get; } = [];

    public IReadOnlyList<byte[]> Stored => stored;

    public IEnumerable<string> Told => Seen.Select(static one => FormattableString.Invariant($"{AnomalyKinds.WordOf(one.Kind)} {one.Metric}@{one.Step}"));

    public RunWatcher Watcher => watcher ??= new RunWatcher(stored, isOn, latest.Count, latest.KeyOf, key => Declared.GetValueOrDefault(key));

    /// <summary>One log call, stored.</summary>
    public void Log(params IEnumerable<(string Metric, double Value, long Step)> points) => Log(points.Select(static point => (point.Metric, point.Value, point.Step, 1000 + point.Step)));

    public void Log(params IEnumerable<(string Metric, double Value, long Step, long Timestamp)> points)
    {
        foreach (var (metric, value, step, timestamp) in points)
        {
            var point = new StoredPoint(timestamp, step, value);
            Watcher.See(latest.Take(metric, point), metric, point);
        }
        Watcher.Take();
        Settle();
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
        Declared.Remove("watch." + metric);
        if (value is not null)
        {
            Declared.Add("watch." + metric, value);
        }
        Watcher.Declare("watch." + metric, latest.OrdinalOf);
        Settle();
    }

    /// <summary>Another instance reads the run.</summary>
    public void Reload()
    {
        latest = new LatestTable([.. Enumerable.Range(0, latest.ChunkCount).Select(latest.Chunk)]);
        watcher = null;
    }

    public void Overwrite(byte[] chunk) => (stored, watcher) = ([chunk], null);

    private void Settle()
    {
        Seen.AddRange(Watcher.Found);
        // As a write does: what is touched is written, the rest stays.
        stored = [.. Enumerable.Range(0, Watcher.ChunkCount).Select(number => number < stored.Length && !Watcher.IsTouched(number) ? stored[number] : Watcher.Chunk(number))];
        Watcher.Settle();
    }
}
