using System.Diagnostics;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>The searches that are measured; about one run in twenty matches the filter.</summary>
internal static class SearchCalls
{
    public static byte[] Filtered(string experiment) => HttpText.Post("runs/search", $$"""
        {"experiment_ids":["{{experiment}}"],"filter":"metrics.m_00 > 0.5 and params.p_00 = '3'","order_by":["metrics.m_01 DESC"],"max_results":100}
        """);

    public static byte[] Ordered(string experiment) => HttpText.Post("runs/search", $$"""
        {"experiment_ids":["{{experiment}}"],"order_by":["metrics.m_01 DESC"],"max_results":1000}
        """);

    /// <summary>Milliseconds of one search, on a connection of its own.</summary>
    public static (double Milliseconds, int Operations) Once(Uri store, byte[] search, int hits)
    {
        using var connection = new WireConnection(store);
        var started = Stopwatch.GetTimestamp();
        Store.Must(connection, connection.Exchange(search));
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var found = connection.Body.Count("\"artifact_uri\""u8);
        return found == hits ? (took, connection.Operations()) : throw new InvalidOperationException($"The search found {found} runs instead of {hits}.");
    }

    public static LoadResult Repeat(Rig rig, Uri store, byte[] search)
    {
        Load.Run(1, store, rig.Round, _ => connection => connection.Exchange(search)).Clean();
        var rounds = Enumerable.Range(0, rig.Rounds).Select(_ => Load.Run(1, store, rig.Round, _ => connection => connection.Exchange(search)).Clean()).OrderBy(static round => round.P50).ToArray();
        return rounds[rounds.Length / 2];
    }
}
