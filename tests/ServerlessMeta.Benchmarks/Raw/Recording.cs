using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Raw;

/// <summary>What the store sends to storage for one call, taken from an instance behind the relay.</summary>
internal sealed class Recording
{
    private readonly List<RecordedRequest> requests;

    private Recording(string run, List<RecordedRequest> requests) => (Run, this.requests) = (run, requests);

    public string Run { get; }

    /// <summary>Creates a run of the experiment through the relay, makes the calls that <paramref name="calls"/> names for it, and notes everything.</summary>
    public static async Task<Recording> TakeAsync(Rig rig, string experiment, Func<string, IEnumerable<Func<WireConnection, int>>> calls)
    {
        await using var relay = new RecordingRelay(rig.Tables);
        var local = await rig.StartLocalAsync(relay);
        using var connection = new WireConnection(local.Url);
        var run = Store.CreateRun(connection, experiment);
        foreach (var call in calls(run))
        {
            Store.Must(connection, call(connection));
        }
        await local.DisposeAsync();
        return new Recording(run, relay.Requests());
    }

    /// <summary>The newest request about the run of which this holds.</summary>
    public RecordedRequest Last(Func<RecordedRequest, bool> which) => requests.FindLast(request =>
            which(request) && (request.Target.Contains(Run, StringComparison.Ordinal) || request.Body.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Run)) >= 0))
        ?? throw new InvalidOperationException($"No such request was noted, only {string.Join(", ", requests.Select(static request => $"{request.Method} {request.Target}").Distinct(StringComparer.Ordinal))}.");

    /// <summary>The transaction that created the run.</summary>
    public RecordedRequest Create => Last(static request => request.IsBatch);

    /// <summary>Rows as the run's own, made by the same transaction, and for each the recorded call about it.</summary>
    public RawCall[] OnRows(Rig rig, RecordedRequest recorded, int count)
    {
        var others = Enumerable.Range(0, count).Select(_ => RawCall.Another(Run)).ToArray();
        var creation = new RawCall(Create, Run, Run);
        using var connection = new WireConnection(rig.Tables);
        foreach (var other in others)
        {
            creation.About(other);
            Store.Must(connection, creation.Send(connection));
        }
        return [.. others.Select(other => new RawCall(recorded, Run, other))];
    }
}
