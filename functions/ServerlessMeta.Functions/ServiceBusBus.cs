using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Messages;

namespace ServerlessMeta.Functions;

/// <summary>
/// Service Bus as the store sees it. It needs the roles of a sender and a receiver, not that of an owner: so it counts by looking, up to a bound.
/// </summary>
internal sealed class ServiceBusBus(ServiceBusClient client, IOptions<MessagesOptions> options) : IMessageBus
{
    /// <summary>The setting that names the namespace; the trigger reads it too.</summary>
    public const string Connection = "ServiceBusConnection";

    private const int AtOnce = 100;
    private const int MostCounted = 500;
    private const int MostLocked = 1000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ServiceBusSender> senders = new(StringComparer.Ordinal);

    /// <summary>Adds it where a namespace is named: <c>ServiceBusConnection__fullyQualifiedNamespace</c> for an identity, or <c>ServiceBusConnection</c> for a connection string.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var (name, connection) = (configuration[$"{Connection}:fullyQualifiedNamespace"], configuration[Connection]);
        if (string.IsNullOrEmpty(name) && string.IsNullOrEmpty(connection))
        {
            return;
        }
        services.AddSingleton(_ => string.IsNullOrEmpty(name) ? new ServiceBusClient(connection) : new ServiceBusClient(name, new DefaultAzureCredential()));
        services.AddSingleton<IMessageBus, ServiceBusBus>();
    }

    public Task SendAsync(string entity, OutgoingMessage message, CancellationToken ct) => AskAsync(async () =>
    {
        await SenderOf(entity).SendMessageAsync(new ServiceBusMessage(message.Body) { MessageId = message.Id, ContentType = message.ContentType, Subject = message.Subject }, ct);
        return true;
    });

    public Task<QueueCounts> CountAsync(string entity, CancellationToken ct) => AskAsync(async () =>
    {
        var active = await CountAsync(entity, SubQueue.None, ct);
        var dead = await CountAsync(entity, SubQueue.DeadLetter, ct);
        return new QueueCounts(active, dead, IsAtLeast: Math.Max(active, dead) >= MostCounted);
    });

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string entity, long from, int count, CancellationToken ct) => AskAsync<IReadOnlyList<DeadLetter>>(async () =>
    [
        .. (await PeekAsync(entity, SubQueue.DeadLetter, from, count, ct)).Select(static letter => new DeadLetter(
            letter.SequenceNumber, letter.MessageId, letter.Subject, letter.DeadLetterReason, letter.DeadLetterErrorDescription, letter.EnqueuedTime, letter.DeliveryCount, letter.ContentType,
            BusFunctions.BodyOf(letter))),
    ]);

    public Task<bool> ReplayAsync(string entity, long sequenceNumber, CancellationToken ct) => AskAsync(async () =>
    {
        await using var dead = ReceiverOf(entity, SubQueue.DeadLetter);
        if (await dead.PeekMessageAsync(sequenceNumber, ct) is not { } letter || letter.SequenceNumber != sequenceNumber)
        {
            return false;
        }
        await SenderOf(entity).SendMessageAsync(CopyOf(letter), ct);
        await RemoveAsync(dead, sequenceNumber, ct);
        return true;
    });

    // The same events; but an id of its own, the same at each attempt: a queue that detects duplicates would drop the old one in silence. Nor does it expire because the first did.
    private static ServiceBusMessage CopyOf(ServiceBusReceivedMessage letter)
    {
        var copy = new ServiceBusMessage(letter) { MessageId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{letter.SequenceNumber}|{letter.MessageId}")))) };
        copy.GetRawAmqpMessage().Properties.AbsoluteExpiryTime = null;
        return copy;
    }

    // Dead letters are received in their order alone: those before it are held until it is found. One too far behind stays, and replaying it once more is harmless.
    private static async Task RemoveAsync(ServiceBusReceiver dead, long sequenceNumber, CancellationToken ct)
    {
        var others = new List<ServiceBusReceivedMessage>();
        try
        {
            var found = false;
            while (!found && others.Count < MostLocked && await dead.ReceiveMessagesAsync(AtOnce, Wait, ct) is { Count: > 0 } some)
            {
                others.AddRange(some.Where(one => one.SequenceNumber != sequenceNumber));
                if (some.FirstOrDefault(one => one.SequenceNumber == sequenceNumber) is { } it)
                {
                    found = true;
                    await dead.CompleteMessageAsync(it, ct);
                }
            }
        }
        finally
        {
            await Task.WhenAll(others.Select(one => dead.AbandonMessageAsync(one, cancellationToken: CancellationToken.None)));
        }
    }

    // Peeking brings the bodies too: none is kept.
    private async Task<int> CountAsync(string entity, SubQueue part, CancellationToken ct)
    {
        await using var receiver = ReceiverOf(entity, part);
        var (counted, from) = (0, 0L);
        while (counted < MostCounted && await receiver.PeekMessagesAsync(Math.Min(AtOnce, MostCounted - counted), from, ct) is { Count: > 0 } some)
        {
            counted += some.Count;
            from = some[^1].SequenceNumber + 1;
        }
        return counted;
    }

    private async Task<List<ServiceBusReceivedMessage>> PeekAsync(string entity, SubQueue part, long from, int count, CancellationToken ct)
    {
        await using var receiver = ReceiverOf(entity, part);
        var seen = new List<ServiceBusReceivedMessage>();
        while (seen.Count < count && await receiver.PeekMessagesAsync(Math.Min(AtOnce, count - seen.Count), from, ct) is { Count: > 0 } some)
        {
            seen.AddRange(some);
            from = some[^1].SequenceNumber + 1;
        }
        return seen;
    }

    private ServiceBusSender SenderOf(string entity) => senders.GetOrAdd(entity, client.CreateSender);

    private ServiceBusReceiver ReceiverOf(string entity, SubQueue part)
    {
        var wanted = new ServiceBusReceiverOptions { SubQueue = part };
        return entity == Entities.Retraining && options.Value.RetrainingSubscription is { Length: > 0 } subscription
            ? client.CreateReceiver(entity, subscription, wanted)
            : client.CreateReceiver(entity, wanted);
    }

    // The store knows outages by other names.
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ServiceBusException outage)
        {
            throw new IOException(outage.Message, outage);
        }
    }
}
