using System.Diagnostics;

namespace ServerlessMeta.Benchmarks.Wire;

/// <param name="Latencies">Of each call, in stopwatch ticks.</param>
/// <param name="Operations">The storage operations that the answers name, in all.</param>
internal sealed record LoadResult(long[] Latencies, double Seconds, long Operations, int Failures, string? Failure)
{
    public double CallsPerSecond => Latencies.Length / Seconds;

    public double OperationsPerCall => (double)Operations / Latencies.Length;

    /// <summary>The median latency in milliseconds.</summary>
    public double P50 => Latencies.Order().ElementAt(Latencies.Length / 2) * 1000.0 / Stopwatch.Frequency;

    public static LoadResult Of(IReadOnlyList<LoadResult> parts) => new(
        [.. parts.SelectMany(static part => part.Latencies)],
        parts.Max(static part => part.Seconds),
        parts.Sum(static part => part.Operations),
        parts.Sum(static part => part.Failures),
        parts.Select(static part => part.Failure).FirstOrDefault(static failure => failure is not null));

    /// <summary>This result, when no call failed.</summary>
    public LoadResult Clean() => Failures == 0 ? this : throw new InvalidOperationException($"{Failures} of {Latencies.Length} calls failed, the first with {Failure}");
}
