using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Benchmarks.Raw;
using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Events that log 100 points of 20 metrics each, to runs in turn.</summary>
/// <param name="runs">To how many runs.</param>
/// <param name="underWay">How many events are sent and not settled at a time.</param>
/// <param name="perMessage">How many events a message has.</param>
internal sealed class IngestLoad(int runs, int underWay, int perMessage)
{
    public const int Points = 100;
    private const int RawRuns = 64;

    /// <param name="rig">On what.</param>
    /// <param name="others">What takes turns with it.</param>
    public async Task<IngestCost> MeasureAsync(Rig rig, Action? others = null)
    {
        Rig.Say(string.Create(CultureInfo.InvariantCulture, $"ingestion: {runs} runs, {underWay} events under way, {perMessage} a message"));
        var local = await rig.StartLocalAsync();
        var targets = Store.CreateRuns(local.Url, Store.CreateExperiment(local.Url), runs);
        var count = rig.Pick(3_000, 300);
        var (rates, ours, storage) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < rig.Rounds; round++)
        {
            if (round >= 0)
            {
                others?.Invoke();
            }
            var bodies = Messages(targets, count);
            var (oursBefore, storageBefore) = (local.ProcessorTime, rig.StorageTime);
            var took = await local.IngestAsync(bodies, underWay / perMessage);
            var (rate, oursEach, storageEach) = (count / took.TotalSeconds, (local.ProcessorTime - oursBefore).TotalMilliseconds / count, (rig.StorageTime - storageBefore).TotalMilliseconds / count);
            Rig.Say(string.Create(CultureInfo.InvariantCulture, $"  {rate:N0}/s; processor time {oursEach:0.00} ms ours, {storageEach:0.00} ms Azurite's"));
            if (round >= 0)
            {
                rates.Add(rate);
                ours.Add(oursEach);
                storage.Add(storageEach);
            }
        }
        await local.DisposeAsync();
        return new IngestCost(Rounds.Median(rates), Rounds.Median(ours), Rounds.Median(storage), await CountOperationsAsync(rig));
    }

    /// <summary>What storage could do at best with a call for each event: the bare transaction of its points and its receipt, and the bare merge of its points. To rows of their own, which do not grow.</summary>
    public static async Task<(Func<LoadResult> Transaction, Func<LoadResult> Merge)> RecordAsync(Rig rig)
    {
        await using var relay = new RecordingRelay(rig.Tables);
        var local = await rig.StartLocalAsync(relay);
        var experiment = Store.CreateExperiment(local.Url);
        var (messaged, called) = (Store.CreateRuns(local.Url, experiment, RawRuns), Store.CreateRuns(local.Url, experiment, RawRuns));
        for (var i = 0; i < 3; i++)
        {
            await local.IngestAsync([.. messaged.Select(static run => Encoding.UTF8.GetBytes(Event(run)))], RawRuns);
            Load.Do(1, local.Url, RawRuns, (connection, number) => Store.Must(connection, connection.Exchange(LogRequest.Batch(called[number], Points, 20).Next())));
        }
        await local.DisposeAsync();
        var requests = relay.Requests();
        return (Sender(rig, [.. messaged.Select(run => Transaction(requests, run))]), Sender(rig, [.. called.Select(run => Merge(requests, run))]));
    }

    private static RawCall Transaction(List<RecordedRequest> requests, string run)
    {
        var recorded = requests.FindLast(request => request.IsBatch && request.Body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(run)) >= 0 && request.Body.AsSpan().IndexOf("z|"u8) >= 0)!.Unguarded();
        var body = Encoding.UTF8.GetString(recorded.Body);
        return new RawCall(recorded, run, run, body.Substring(body.IndexOf("z|", StringComparison.Ordinal) + 2, 64));
    }

    private static RawCall Merge(List<RecordedRequest> requests, string run) =>
        new(requests.FindLast(request => !request.IsBatch && request.Method is not "GET" && request.Target.Contains(run, StringComparison.Ordinal))!, run, run);

    private static Func<LoadResult> Sender(Rig rig, RawCall[] calls) => () => Load.Run(LogLoad.Connections, rig.Tables, rig.Round, i =>
    {
        var (mine, next) = (calls.Where((_, number) => number % LogLoad.Connections == i).ToArray(), 0);
        return connection => mine[next++ % mine.Length].Send(connection);
    }).Clean();

    // Behind the relay, whose notes are counted; its rate is not measured.
    private async Task<double> CountOperationsAsync(Rig rig)
    {
        await using var relay = new RecordingRelay(rig.Tables);
        var local = await rig.StartLocalAsync(relay);
        var targets = Store.CreateRuns(local.Url, Store.CreateExperiment(local.Url), runs);
        var count = rig.Pick(3_000, 300);
        var before = relay.Requests().Count;
        await local.IngestAsync(Messages(targets, count), underWay / perMessage);
        var operations = relay.Requests().Count - before;
        await local.DisposeAsync();
        return (double)operations / count;
    }

    private byte[][] Messages(string[] targets, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Event(targets[i % targets.Length])).Chunk(perMessage).Select(events => Encoding.UTF8.GetBytes(perMessage == 1 ? events[0] : $"[{string.Join(',', events)}]"))];

    private static string Event(string run)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var points = Enumerable.Range(0, Points).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"{{LogRequest.Key(i % 20)}}","value":{{Random.Shared.NextDouble():r}},"timestamp":{{now + i}},"step":{{i / 20}}}"""));
        return $$$"""{"specversion":"1.0","id":"{{{RandomNumberGenerator.GetHexString(32)}}}","source":"/benchmark","type":"dev.serverlessmeta.run.log-batch.v1","data":{"run_id":"{{{run}}}","metrics":[{{{string.Join(',', points)}}}]}}""";
    }
}
