using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>What watching costs where it is done: log calls of 20 metrics that are watched, in this process, beside a store that does not watch.</summary>
internal static class WatchBenchmark
{
    private const int Metrics = 20;
    private const int Runs = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        await using var watching = Provide(rig, isOn: true);
        await using var blind = Provide(rig, isOn: false);
        await watching.GetRequiredService<StorageClients>().EnsureAsync(CancellationToken.None);
        var (figures, random) = (new List<Figure>(), new Random(1));
        foreach (var (points, noise) in new[] { (100, 0.001), (1000, 0.001), (100, 0.1) })
        {
            var kind = noise > 0.01 ? "that rest and begin again" : "that get better";
            Rig.Say($"log calls of {points} points {kind}");
            var (on, off) = (await StartAsync(watching), await StartAsync(blind));
            var rounds = rig.Pick(points == 100 ? 120 : 60, 3);
            var (with, without) = (new List<(double Cpu, double Wall)>(), new List<(double Cpu, double Wall)>());
            for (var round = -rounds / 3; round < rounds; round++)
            {
                // In turns, so that both see the same machine, and the same storage.
                var logs = Enumerable.Range(0, Runs).Select(_ => Log(random, points, noise, (round + rounds) * (points / Metrics))).ToArray();
                var (watched, bareRound) = (await LogAsync(watching, on, logs), await LogAsync(blind, off, logs));
                if (round >= 0)
                {
                    with.Add(watched);
                    without.Add(bareRound);
                }
            }
            var (cpu, bare) = (Rounds.Median(with.Select(static one => one.Cpu)), Rounds.Median(without.Select(static one => one.Cpu)));
            var (wall, bareWall) = (Rounds.Median(with.Select(static one => one.Wall)), Rounds.Median(without.Select(static one => one.Wall)));
            figures.Add(Figure.AtMost(
                string.Create(CultureInfo.InvariantCulture, $"watching {Metrics} losses {kind}: processor time it adds to a log call of {points:N0} points in the store"), 5, 100 * ((cpu / bare) - 1), "%",
                note: string.Create(CultureInfo.InvariantCulture, $"{1000 * cpu:N0} against {1000 * bare:N0} us")));
            figures.Add(Figure.AtMost("the same, time until it is stored", 5, 100 * ((wall / bareWall) - 1), "%", note: string.Create(CultureInfo.InvariantCulture, $"{wall:0.00} against {bareWall:0.00} ms")));
        }
        return figures;
    }

    private static ServiceProvider Provide(Rig rig, bool isOn)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:ConnectionString"] = rig.Storage, ["RunWatch:Enabled"] = isOn ? "true" : "false" };
        return new ServiceCollection().AddLogging().AddServerlessMeta(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
    }

    private static async Task<RunId[]> StartAsync(ServiceProvider store)
    {
        await store.GetRequiredService<ExperimentStore>().FindAsync(default, CancellationToken.None);
        var runs = new RunId[Runs];
        for (var run = 0; run < Runs; run++)
        {
            runs[run] = (await store.GetRequiredService<RunStore>().CreateAsync(new NewRun(default, "watched", "bench", TimeProvider.System.GetUtcNow(), []), CancellationToken.None)).Value.Info.Id;
        }
        return runs;
    }

    /// <returns>Milliseconds a call.</returns>
    private static async Task<(double Cpu, double Wall)> LogAsync(ServiceProvider store, RunId[] runs, RunLog[] logs)
    {
        var (started, before) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var (run, log) in runs.Zip(logs))
        {
            var logged = await store.GetRequiredService<RunStore>().LogAsync(run, log, CancellationToken.None);
            if (!logged.IsOk)
            {
                throw new InvalidOperationException(logged.Failure.Detail);
            }
        }
        return ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Runs, TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / Runs);
    }

    // With much noise a series has no new best for a while, again and again, and each time the watch says so.
    private static RunLog Log(Random random, int points, double noise, int from) => new(
        [.. Enumerable.Range(0, points).Select(i => (Step: from + (i / Metrics), Metric: i % Metrics)).Select(one => new MetricPoint(
            string.Create(CultureInfo.InvariantCulture, $"{(one.Metric % 2 == 0 ? "train" : "val")}_{(char)('a' + (one.Metric / 2))}_loss"),
            (1 + (4 / (1 + (0.01 * one.Step)))) * (1 + (noise * (random.NextDouble() - 0.5))), 1_790_000_000_000 + (200L * one.Step), one.Step))], [], []);
}
