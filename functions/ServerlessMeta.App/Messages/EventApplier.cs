using System.Collections.Concurrent;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App.Messages;

/// <summary>
/// Applies events once for each source and id. Those of one target are started in their order: the next one when the one before has its place among the target's changes, so that calls of a run join
/// into one write. Different targets go side by side.
/// </summary>
internal sealed class EventApplier(OperationRunner runner, TimeProvider time)
{
    private const int SideBySide = 16;

    // A message's lock outlasts it, and what was begun is then applied or not by its receipt.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Two deliveries of one event at once: the second waits for what the first leaves.
    private readonly ConcurrentDictionary<(string Source, string Id), TaskCompletionSource> underWay = new();

    /// <param name="events">In their order.</param>
    /// <param name="callers">Who sent them.</param>
    /// <returns>An outcome for each event.</returns>
    public async Task<IReadOnlyList<EventOutcome>> ApplyAsync(IReadOnlyList<IngestEvent> events, Func<IngestEvent, Caller> callers, CancellationToken ct)
    {
        var outcomes = new EventOutcome[events.Count];
        var lanes = new Dictionary<string, List<(int Index, IngestRequest Request)>>(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            var (request, refusal) = events[i].Refusal is { } malformed ? (null, malformed)
                : IngestOperations.All.TryGetValue(events[i].Type, out var operation) ? operation.Bind(events[i])
                : (null, new EventRefusal("UNKNOWN_TYPE", $"There is no operation '{Short(events[i].Type)}'; there are {string.Join(", ", IngestOperations.All.Keys.Order(StringComparer.Ordinal))}."));
            if (request is null)
            {
                outcomes[i] = EventOutcome.Refused(refusal!);
                continue;
            }
            var order = request.Order ?? FormattableString.Invariant($"#{i}");
            if (!lanes.TryGetValue(order, out var lane))
            {
                lanes.Add(order, lane = []);
            }
            lane.Add((i, request));
        }
        await Parallel.ForEachAsync(lanes.Values, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = CancellationToken.None },
            async (lane, _) => await ApplyInOrderAsync(lane, events, callers, outcomes, ct));
        for (var i = 0; i < events.Count; i++)
        {
            Telemetry.CountEvent(IngestOperations.All.ContainsKey(events[i].Type) ? events[i].Type : "unknown", outcomes[i].Result.ToString().ToLowerInvariant());
        }
        return outcomes;
    }

    private async Task ApplyInOrderAsync(List<(int Index, IngestRequest Request)> lane, IReadOnlyList<IngestEvent> events, Func<IngestEvent, Caller> callers, EventOutcome[] outcomes, CancellationToken ct)
    {
        var (started, order) = (new List<Task<EventOutcome>>(lane.Count), new ReceiptLane());
        try
        {
            foreach (var (index, request) in lane)
            {
                if (ct.IsCancellationRequested || started.Exists(static one => one.IsCompletedSuccessfully && one.Result.HoldsBack))
                {
                    break;
                }
                if (lane.Count == 1)
                {
                    order.Go();
                }
                var receipt = new Receipt(events[index].Source, events[index].Id, time.GetUtcNow(), order);
                var one = ApplyAsync((events[index].Source, events[index].Id), request, receipt, callers(events[index]), ct);
                started.Add(one);
                var placed = Task.WhenAny(one, receipt.Entered);
                if (!placed.IsCompleted)
                {
                    // It may wait for the write that waits for it.
                    order.Go();
                }
                await placed;
            }
        }
        finally
        {
            order.Go();
        }
        var ended = await Task.WhenAll(started);
        for (var i = 0; i < lane.Count; i++)
        {
            outcomes[lane[i].Index] = i < ended.Length ? ended[i] : EventOutcome.NotStarted;
        }
    }

    private async Task<EventOutcome> ApplyAsync((string Source, string Id) key, IngestRequest request, Receipt receipt, Caller caller, CancellationToken ct)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!underWay.TryAdd(key, mine))
        {
            if (underWay.TryGetValue(key, out var other))
            {
                await other.Task;
            }
        }
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
            using var scope = receipt.Begin();
            var answer = await runner.RunAsync(request, caller, either.Token);
            // One that was applied before may still lack what follows from it: points of a run that its logged models have not.
            return new EventOutcome(answer.MayPass ? EventResult.Later : receipt.IsKnown ? EventResult.Known : answer.IsApplied ? EventResult.Applied : EventResult.Refused, answer.Status, answer.Code, answer.Detail);
        }
        finally
        {
            underWay.TryRemove(key, out _);
            mine.SetResult();
        }
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
