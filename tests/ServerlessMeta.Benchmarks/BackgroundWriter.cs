using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks;

/// <summary>A second writer: logs points to runs, in turn, at a steady pace, while something else is measured.</summary>
internal sealed class BackgroundWriter : IDisposable
{
    private readonly ManualResetEventSlim ending = new();
    private readonly Thread thread;
    private Exception? broken;

    public BackgroundWriter(Uri store, IReadOnlyList<string> runs, double callsPerSecond, string key = "written_beside")
    {
        thread = new Thread(() =>
        {
            try
            {
                using var connection = new WireConnection(store);
                var requests = runs.Select(run => LogRequest.Metric(run, key)).ToArray();
                for (var i = 0; !ending.Wait(TimeSpan.FromSeconds(1 / callsPerSecond)); i++)
                {
                    Store.Must(connection, connection.Exchange(requests[i % requests.Length].Next()));
                    Writes++;
                }
            }
            catch (Exception failed)
            {
                broken = failed;
            }
        });
        thread.Start();
    }

    public int Writes { get; private set; }

    /// <summary>Ends the writer; it must have written something, and never failed.</summary>
    public void Dispose()
    {
        ending.Set();
        thread.Join();
        ending.Dispose();
        if (broken is not null || Writes == 0)
        {
            throw new InvalidOperationException($"The second writer wrote {Writes} times. {broken?.Message}", broken);
        }
    }
}
