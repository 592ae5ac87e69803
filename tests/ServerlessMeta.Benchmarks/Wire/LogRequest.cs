using System.Globalization;
using System.Text;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>
/// A log-metric or log-batch request whose numbers are written anew in place for each call: values with 17 random digits (full-noise doubles), timestamps
/// that advance by 200 to 299 ms, one step for all keys of a round.
/// </summary>
internal sealed class LogRequest
{
    private const string Value = "0.11111111111111111", Time = "1000000000000", Step = "1000000";

    private readonly byte[] bytes;
    private readonly int[] slots;
    private readonly int keys;
    private readonly Random random = new();
    private long timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int step = 1_000_000;

    private LogRequest(string path, string json, int keys)
    {
        this.keys = keys;
        bytes = HttpText.Post(path, json);
        var found = new List<int>();
        for (int from = 0, at; (at = bytes.AsSpan(from).IndexOf(Encoding.ASCII.GetBytes(Value))) >= 0; from += at + 1)
        {
            found.Add(from + at);
        }
        slots = [.. found];
    }

    public static LogRequest Metric(string run, string key = "loss") =>
        new("runs/log-metric", string.Create(CultureInfo.InvariantCulture, $$"""{"run_id":"{{run}}","key":"{{key}}",{{Numbers}}}"""), 1);

    /// <param name="points">How many points a call carries.</param>
    /// <param name="keys">Over how many metrics they spread.</param>
    public static LogRequest Batch(string run, int points, int keys) => new("runs/log-batch",
        $$"""{"run_id":"{{run}}","metrics":[{{string.Join(',', Enumerable.Range(0, points).Select(i => $$"""{"key":"{{Key(i % keys)}}",{{Numbers}}}"""))}}]}""", keys);

    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"metric_{number:d2}");

    public ReadOnlySpan<byte> Next()
    {
        for (var i = 0; i < slots.Length; i++)
        {
            if (i % keys == 0)
            {
                step++;
                timestamp += 200 + random.Next(100);
            }
            var value = slots[i] + 2;
            var time = value + Value.Length - 2 + ",\"timestamp\":".Length;
            random.NextInt64(10_000_000_000_000_000, 100_000_000_000_000_000).TryFormat(bytes.AsSpan(value), out _, default, CultureInfo.InvariantCulture);
            timestamp.TryFormat(bytes.AsSpan(time), out _, default, CultureInfo.InvariantCulture);
            step.TryFormat(bytes.AsSpan(time + Time.Length + ",\"step\":".Length), out _, default, CultureInfo.InvariantCulture);
        }
        return bytes;
    }

    private static string Numbers => $"\"value\":{Value},\"timestamp\":{Time},\"step\":{Step}";
}
