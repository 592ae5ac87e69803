using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>8 connections that log to runs in turn: each connection has its share of the runs for itself.</summary>
internal sealed class LogLoad(Uri store, IReadOnlyList<LogRequest> requests)
{
    public const int Connections = 8;

    public LoadResult Run(TimeSpan span) => Load.Run(Connections, store, span, i =>
    {
        var mine = requests.Where((_, number) => number % Connections == i % requests.Count).ToArray();
        var next = 0;
        return connection => connection.Exchange(mine[next++ % mine.Length].Next());
    });
}
