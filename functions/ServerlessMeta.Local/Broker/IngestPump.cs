using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Local.Broker;

/// <summary>Feeds the store from the queue of ingestion, as the Service Bus trigger does in Azure: batches, in the order of the queue, each message settled by its own outcome.</summary>
internal sealed partial class IngestPump(InProcessBroker broker, MessageEntry entry, TimeProvider time, ILogger<IngestPump> logger) : BackgroundService
{
    // Of a batch those of one run share a write, so a large one costs less; bytes bound what is read at once.
    private const int MaxBatch = 1000;
    private const long MaxBytes = 8 * 1024 * 1024;

    // After the first message of a batch, for those that come with it.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    // Kept from the lock, so that what is applied can still be settled.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly ImmutableDictionary<string, object?> Unchanged = ImmutableDictionary<string, object?>.Empty;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = broker.Queue(Entities.Ingest);
        while (true)
        {
            var batch = await TakeAsync(queue, stoppingToken);
            await SettleAsync(queue, batch, await HandleAsync(batch, stoppingToken), stoppingToken);
        }
    }

    private async Task<List<BrokerDelivery>> TakeAsync(BrokerQueue queue, CancellationToken ct)
    {
        List<BrokerDelivery> batch = [];
        var bytes = 0L;
        Task? gathered = null;
        while (true)
        {
            var changed = queue.Changed;
            while (batch.Count < MaxBatch && bytes < MaxBytes && queue.TryReceive(settled: false) is { } delivery)
            {
                batch.Add(delivery);
                bytes += delivery.Message.Size;
            }
            if (batch.Count == MaxBatch || bytes >= MaxBytes || gathered?.IsCompleted is true)
            {
                return batch;
            }
            if (batch.Count == 0)
            {
                await changed.WaitAsync(ct);
                continue;
            }
            await Task.WhenAny(changed, gathered ??= Task.Delay(Gather, time, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task<IReadOnlyList<MessageOutcome>> HandleAsync(List<BrokerDelivery> batch, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromTicks(Math.Max((batch[0].LockedUntil!.Value - time.GetUtcNow() - Margin).Ticks, 0)), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        var readable = batch.Where(static delivery => delivery.Message.Body is not null).Select(Incoming).ToArray();
        IReadOnlyList<MessageOutcome> outcomes = [];
        try
        {
            outcomes = readable.Length > 0 ? await entry.HandleAsync(readable, both.Token) : [];
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            LogFailed(failed, batch.Count);
            outcomes = [.. readable.Select(static _ => new MessageOutcome.Abandon())];
        }
        var next = 0;
        return [.. batch.Select(delivery => delivery.Message.Body is null
            ? new MessageOutcome.DeadLetter("UnsupportedBody", "The body of a message is bytes or text; this one is an AMQP value of another kind.")
            : outcomes[next++])];
    }

    // What is abandoned is waited for before anything else is taken, or what comes behind it would be applied before it; and given back from the last to the first, so that it keeps its order.
    private async Task SettleAsync(BrokerQueue queue, List<BrokerDelivery> batch, IReadOnlyList<MessageOutcome> outcomes, CancellationToken ct)
    {
        var abandoned = new Stack<BrokerDelivery>();
        for (var i = 0; i < batch.Count; i++)
        {
            var token = batch[i].LockToken!.Value;
            switch (outcomes[i])
            {
                case MessageOutcome.Complete:
                    Note(queue.Complete(token), batch[i]);
                    break;
                case MessageOutcome.DeadLetter dead:
                    Note(queue.DeadLetter(token, dead.Reason, dead.Description, Unchanged), batch[i]);
                    break;
                default:
                    abandoned.Push(batch[i]);
                    break;
            }
        }
        if (abandoned.Count == 0)
        {
            return;
        }
        var pause = MessageEntry.WaitBeforeAbandoning(abandoned.Max(static delivery => delivery.FailedDeliveries) + 1, outcomes);
        var left = abandoned.Min(static delivery => delivery.LockedUntil!.Value) - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(pause < left ? pause : left / 2, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (abandoned.TryPop(out var delivery))
        {
            Note(queue.Abandon(delivery.LockToken!.Value, Unchanged), delivery);
        }
    }

    private void Note(bool isSettled, BrokerDelivery delivery)
    {
        if (!isSettled)
        {
            LogLockLost(delivery.SequenceNumber);
        }
    }

    private static IncomingMessage Incoming(BrokerDelivery delivery) => new(
        Entities.Ingest, delivery.Message.Id, delivery.Message.Subject, delivery.Message.ContentType, delivery.Message.Body!, delivery.FailedDeliveries + 1, delivery.Message.Properties);

    [LoggerMessage(EventId = 203, Level = LogLevel.Error, Message = "A batch of {Count} messages failed; they are delivered again.")]
    private partial void LogFailed(Exception failed, int count);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Message {SequenceNumber} took longer than its lock; it is delivered again, and applied once.")]
    private partial void LogLockLost(long sequenceNumber);
}
