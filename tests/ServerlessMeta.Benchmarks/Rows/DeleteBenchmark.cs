using System.Diagnostics;
using Azure.Data.Tables;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Deleting an experiment with 100,000 runs: the answer, and when the last of them is marked.</summary>
internal static class DeleteBenchmark
{
    private const int DeletedStage = 1;

    // In a few large partitions Azurite, which looks through a partition for each row of a transaction, would be all that is measured.
    private const int PartitionBits = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var count = rig.Pick(100_000, 1_000);
        rig.PartitionBits = PartitionBits;
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        Rig.Say($"creating {count:N0} runs");
        Store.CreateRuns(local.Url, experiment, count);

        using var connection = new WireConnection(local.Url);
        var started = Stopwatch.GetTimestamp();
        Store.Must(connection, connection.Exchange(HttpText.Post("experiments/delete", $$"""{"experiment_id":"{{experiment}}"}""")));
        var answered = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        // The outbox row goes when all are marked; looking for it costs Azurite next to nothing.
        var outbox = rig.Table("experiments");
        while (outbox.Query<TableEntity>("PartitionKey eq 'experiments' and RowKey ge 'o|' and RowKey lt 'o}'").Any())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException("The runs were not marked within ten minutes.");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        var marked = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var left = rig.Table("runs").Query<TableEntity>(TableClient.CreateQueryFilter($"RowKey ge 'r|' and RowKey lt 'r}}' and stage ne {DeletedStage}"), 1000, ["RowKey"]).Count();
        return left > 0 ? throw new InvalidOperationException($"{left} runs are not marked although the outbox is empty.") :
        [
            Figure.AtMost("delete of an experiment with 100,000 runs: answer", 2000, answered, "ms"),
            Figure.AtMost("delete of an experiment with 100,000 runs: all marked", 60, marked, "s"),
        ];
    }
}
