using System.Globalization;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests;

internal static class Logs
{
    public static RunLog Points(params MetricPoint[] points) => new([.. points], [], []);

    public static RunLog Point(string key, double value, long step, long timestamp = 0) => Points(new MetricPoint(key, value, timestamp == 0 ? 1_700_000_000_000 + step : timestamp, step));

    public static RunLog Param(string key, string value) => new([], [new Tag(key, value)], []);

    public static RunLog TagOf(string key, string value) => new([], [], [new Tag(key, value)]);

    public static RunLog Noise(int count, int keys, int seed, long from = 0)
    {
        var random = new Random(seed);
        return new([.. Enumerable.Range(0, count).Select(i => new MetricPoint(
            string.Create(CultureInfo.InvariantCulture, $"m{i % keys}"), random.NextDouble(), 1_700_000_000_000 + (from * 100) + (i * 100) + random.Next(50), from + (i / keys)))], [], []);
    }
}
