using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>
/// What the audit costs: log-batch of one point with a param or tag that changes, which writes an entry, against points alone, which do not; and how fast a store of 2,000 runs
/// is verified.
/// </summary>
internal static class AuditBenchmark
{
    private const int Runs = 2_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var experiment = Store.CreateExperiment(local.Url);
        var points = new LogLoad(local.Url, [.. Store.CreateRuns(local.Url, experiment, 64).Select(static run => LogRequest.Batch(run, 1, 1))]);
        var tagged = Store.CreateRuns(local.Url, experiment, 64);
        var (bare, audited) = Rounds.Compare(rig.Rounds, static result => result.CallsPerSecond, points.Run, span => Load.Run(LogLoad.Connections, local.Url, span, i =>
        {
            var next = 0;
            return connection => connection.Exchange(Tagged(tagged[((next++ * LogLoad.Connections) + i) % tagged.Length], next));
        }), rig.Round);
        Store.FillExperiment(local.Url, Store.CreateExperiment(local.Url), Runs);
        var (entries, seconds, calls) = Verify(local.Url);
        return
        [
            Figure.AtLeast("log-batch of a point and a tag that changes (audited), against a point alone", 0.3, audited / bare, "", note: $"{audited:N0} against {bare:N0} calls/s; each is one operation"),
            Figure.AtLeast("audit verify of a whole store", 5_000, entries / seconds, "entries/s", note: $"{entries:N0} entries in {calls} calls"),
        ];
    }

    private static byte[] Tagged(string run, int number) => HttpText.Post("runs/log-batch", string.Create(CultureInfo.InvariantCulture,
        $$"""{"run_id":"{{run}}","metrics":[{"key":"loss","value":0.5,"timestamp":{{1_790_000_000_000 + number}},"step":{{number}}}],"tags":[{"key":"state","value":"{{number}}"}]}"""));

    private static (long Entries, double Seconds, int Calls) Verify(Uri store)
    {
        using var connection = new WireConnection(store);
        var started = Stopwatch.GetTimestamp();
        var (entries, calls) = (0L, 0);
        for (string? token = ""; token is not null; calls++)
        {
            Store.Must(connection, connection.Exchange(Encoding.UTF8.GetBytes($"GET /api/v1/audit/verify?page_token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")));
            using var report = JsonDocument.Parse(connection.Body.ToArray());
            if (report.RootElement.GetProperty("findings").GetArrayLength() > 0)
            {
                throw new InvalidOperationException($"The audit is not sound: {report.RootElement}");
            }
            entries += report.RootElement.GetProperty("entries").GetInt64();
            token = report.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        return (entries, Stopwatch.GetElapsedTime(started).TotalSeconds, calls);
    }
}
