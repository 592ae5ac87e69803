using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App.Messages;

/// <summary>
/// The one entry for messages of either host. A message may come twice, late, in any order: each event in it is applied once for its source and id. One that can never be applied becomes a dead letter
/// with its reason and holds up nothing; one that could not be applied now is delivered again.
/// </summary>
public sealed partial class MessageEntry
{
    // The broker's limit on either text is 4,096 characters; bytes are never fewer.
    private const int LongestReason = 200;
    private const int LongestDescription = 4096;
    private const int LongestSource = 200;

    /// <summary>How often a message is delivered, at most: with the waits between, an outage of some 45 minutes makes no dead letters.</summary>
    public const int MostDeliveries = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(2);

    private readonly EventApplier applier;
    private readonly ILogger<MessageEntry> logger;

    internal MessageEntry(EventApplier applier, ILogger<MessageEntry> logger) => (this.applier, this.logger) = (applier, logger);

    /// <summary>
    /// How long a host leaves a message that it abandons: without a wait the broker delivers it again at once, and an outage of seconds would make dead letters of all.
    /// </summary>
    /// <param name="deliveryCount">How often it was delivered.</param>
    public static TimeSpan WaitBeforeAbandoning(int deliveryCount) =>
        TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.ScaleB(0.5, Math.Clamp(deliveryCount, 1, 10))));

    /// <summary>The same where the wait holds up the next batch: when others of this one went through, there is no outage, and it is short.</summary>
    public static TimeSpan WaitBeforeAbandoning(int deliveryCount, IReadOnlyList<MessageOutcome> batch) =>
        WaitBeforeAbandoning(deliveryCount) is var wait && wait > ShortWait && batch.Any(static outcome => outcome is MessageOutcome.Complete) ? ShortWait : wait;

    /// <summary>Applies a batch of messages as they were received, in their order within a run. One outcome for each, in the order of the batch.</summary>
    public async Task<IReadOnlyList<MessageOutcome>> HandleAsync(IReadOnlyList<IncomingMessage> batch, CancellationToken ct)
    {
        var read = batch.Select(Read).ToList();
        var applied = await applier.ApplyAsync([.. read.SelectMany(static message => message.Events)], CallerOf, ct);
        var outcomes = new MessageOutcome[batch.Count];
        var next = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            outcomes[i] = OutcomeOf(read[i], [.. applied.Skip(next).Take(read[i].Events.Count)], batch[i].DeliveryCount);
            next += read[i].Events.Count;
            if (outcomes[i] is MessageOutcome.DeadLetter dead)
            {
                LogDeadLetter(batch[i].MessageId, batch[i].Entity, dead.Reason, dead.Description);
            }
            Telemetry.CountMessage(batch[i].Entity, outcomes[i] switch { MessageOutcome.Complete => "completed", MessageOutcome.Abandon => "abandoned", _ => "dead-lettered" });
        }
        return outcomes;
    }

    /// <summary>The outcome of a message: all its events were applied, or some have to be tried again, or the message is dead, and says which of its events are why.</summary>
    internal static MessageOutcome OutcomeOf(IngestMessage message, IReadOnlyList<EventOutcome> outcomes, int deliveryCount = 1)
    {
        if (message.Refusal is { } nothing)
        {
            return Dead(nothing.Code, nothing.Detail);
        }
        if (outcomes.FirstOrDefault(static outcome => outcome.Result is EventResult.Later) is { } later)
        {
            // What was applied meanwhile has its receipt. The broker would bury the last delivery without a reason.
            return deliveryCount < MostDeliveries ? new MessageOutcome.Abandon()
                : Dead(later.Code, string.Create(CultureInfo.InvariantCulture, $"Given up after {deliveryCount} deliveries: {later.Detail}"));
        }
        var refused = outcomes.Index().Where(static one => one.Item.Result is EventResult.Refused).ToList();
        if (refused.Count == 0)
        {
            return new MessageOutcome.Complete();
        }
        return Dead(refused[0].Item.Code, message.IsBatch
            ? $"{refused.Count.ToString(CultureInfo.InvariantCulture)} of {outcomes.Count.ToString(CultureInfo.InvariantCulture)} events were refused, the others applied: {string.Join(' ', refused.Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"[{one.Index}] {message.Events[one.Index].Id} {one.Item.Code}: {one.Item.Detail}")))}"
            : refused[0].Item.Detail);
    }

    // One at a time: a message that no one thought of takes no other with it.
    private static IngestMessage Read(IncomingMessage message)
    {
        try
        {
            return CloudEventReader.Read(message, CloudEventReader.BusBytes);
        }
        catch (Exception unthought) when (unthought is not OutOfMemoryException)
        {
            return new IngestMessage([], false, EventRefusal.NotJson($"The body cannot be read: {unthought.Message}"));
        }
    }

    // The broker let the sender in; the event says which of the senders it was.
    private static Caller CallerOf(IngestEvent one) => new(CallerName.Bus, Role.Writer, $"bus:{(one.Source.Length <= LongestSource ? one.Source : one.Source[..LongestSource])}");

    private static MessageOutcome.DeadLetter Dead(string reason, string description) => new(Cut(reason, LongestReason), Cut(description, LongestDescription));

    // To so many bytes of UTF-8, at a whole character.
    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }
        var cut = new StringBuilder(bytes);
        var left = bytes - 3;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((left -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }
            cut.Append(rune.ToString());
        }
        return cut.Append("...").ToString();
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "Message {MessageId} of {Entity} is a dead letter: {Reason}. {Description}")]
    private partial void LogDeadLetter(string messageId, string entity, string reason, string description);
}
