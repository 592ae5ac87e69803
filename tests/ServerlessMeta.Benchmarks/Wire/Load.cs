using System.Diagnostics;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>Connections that call as fast as they are answered, a thread each.</summary>
internal static class Load
{
    /// <param name="target">Whom a connection calls.</param>
    /// <param name="span">For how long.</param>
    /// <param name="caller">Makes what a connection does: one call, its status returned.</param>
    public static LoadResult Run(int connections, Func<int, Uri> target, TimeSpan span, Func<int, Func<WireConnection, int>> caller)
    {
        var results = new LoadResult[connections];
        Exception? broken = null;
        using var gate = new Barrier(connections);
        var threads = Enumerable.Range(0, connections).Select(i => new Thread(() =>
        {
            try
            {
                using var connection = new WireConnection(target(i));
                var calls = caller(i);
                gate.SignalAndWait();
                results[i] = Call(connection, calls, span);
            }
            catch (Exception failed)
            {
                broken ??= failed;
                gate.RemoveParticipant();
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return broken is null ? LoadResult.Of(results) : throw new InvalidOperationException($"A connection broke: {broken.Message}", broken);
    }

    public static LoadResult Run(int connections, Uri target, TimeSpan span, Func<int, Func<WireConnection, int>> caller) => Run(connections, _ => target, span, caller);

    /// <summary>Does <paramref name="count"/> calls in all, the number of each given to <paramref name="call"/>; any failure ends it.</summary>
    public static void Do(int connections, Uri target, int count, Action<WireConnection, int> call)
    {
        var next = -1;
        Parallel.ForEach(Enumerable.Range(0, connections), new ParallelOptions { MaxDegreeOfParallelism = connections }, _ =>
        {
            using var connection = new WireConnection(target);
            for (int number; (number = Interlocked.Increment(ref next)) < count;)
            {
                call(connection, number);
            }
        });
    }

    private static LoadResult Call(WireConnection connection, Func<WireConnection, int> call, TimeSpan span)
    {
        var latencies = new List<long>(8192);
        var (operations, failures, failure) = (0L, 0, default(string));
        var started = Stopwatch.GetTimestamp();
        var before = started;
        do
        {
            var status = call(connection);
            var now = Stopwatch.GetTimestamp();
            latencies.Add(now - before);
            before = now;
            operations += connection.Operations();
            if (status >= 300)
            {
                failures++;
                failure ??= connection.Said(status);
            }
        }
        while (Stopwatch.GetElapsedTime(started, before) < span);
        return new LoadResult([.. latencies], Stopwatch.GetElapsedTime(started, before).TotalSeconds, operations, failures, failure);
    }
}
