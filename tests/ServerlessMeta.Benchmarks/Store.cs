using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks;

/// <summary>Calls of the store that prepare what is measured.</summary>
internal static class Store
{
    private static int experiments;

    public static string CreateExperiment(Uri store)
    {
        using var connection = new WireConnection(store);
        var name = string.Create(CultureInfo.InvariantCulture, $"benchmark {Interlocked.Increment(ref experiments)} {TimeProvider.System.GetTimestamp()}");
        Must(connection, connection.Exchange(HttpText.Post("experiments/create", $$"""{"name":"{{name}}"}""")));
        return connection.Text("experiment_id")!;
    }

    public static string CreateRun(WireConnection connection, string experiment)
    {
        Must(connection, connection.Exchange(CreateRunRequest(experiment)));
        return connection.Text("run_id")!;
    }

    public static byte[] CreateRunRequest(string experiment) => HttpText.Post("runs/create", $$"""
        {"experiment_id":"{{experiment}}","user_id":"bench","run_name":"benchmark-run","start_time":1790000000000,"tags":[{"key":"mlflow.user","value":"bench"},{"key":"mlflow.source.name","value":"train.py"},{"key":"mlflow.source.type","value":"LOCAL"},{"key":"mlflow.source.git.commit","value":"2e737be4a1f0f5b6f3d1c9f0a7b8c9d0e1f2a3b4"}]}
        """);

    public static string[] CreateRuns(Uri store, string experiment, int count)
    {
        var runs = new string[count];
        Load.Do(8, store, count, (connection, number) => runs[number] = CreateRun(connection, experiment));
        return runs;
    }

    /// <summary>Runs with 5 tags, 20 params and 20 metrics each: m_00 .. uniform in [0, 1), p_00 one of ten digits.</summary>
    public static string[] FillExperiment(Uri store, string experiment, int count, int from = 0)
    {
        var runs = new string[count];
        Load.Do(8, store, count, (connection, index) =>
        {
            var number = from + index;
            var random = new Random(number);
            var (digit, chance) = (random.Next(10), random.NextDouble());
            var tags = Enumerable.Range(0, 5).Select(i => new { key = $"t_{i:d2}", value = $"tag {random.Next(1000)}" });
            Must(connection, connection.Exchange(HttpText.Post("runs/create", JsonSerializer.Serialize(new { experiment_id = experiment, run_name = $"run-{number}", start_time = 1_790_000_000_000 + (number * 61_000L), tags }))));
            runs[index] = connection.Text("run_id")!;
            var parameters = Enumerable.Range(0, 20).Select(i => new { key = $"p_{i:d2}", value = i == 0 ? $"{digit}" : $"value {random.Next(100_000)}" });
            var metrics = Enumerable.Range(0, 20).Select(i => new { key = $"m_{i:d2}", value = i == 0 ? chance : random.NextDouble(), timestamp = 1_790_000_000_000 + (number * 61_000L) + random.Next(60_000), step = 1000 });
            Must(connection, connection.Exchange(HttpText.Post("runs/log-batch", JsonSerializer.Serialize(new { run_id = runs[index], metrics, @params = parameters }))));
        });
        return runs;
    }

    /// <summary>Whether a run of <see cref="FillExperiment"/> has m_00 > 0.5 and p_00 = '3'.</summary>
    public static bool Matches(int number)
    {
        var random = new Random(number);
        return random.Next(10) == 3 && random.NextDouble() > 0.5;
    }

    public static void Must(WireConnection connection, int status)
    {
        if (status >= 300)
        {
            throw new InvalidOperationException($"A call failed with {connection.Said(status)}");
        }
    }
}
