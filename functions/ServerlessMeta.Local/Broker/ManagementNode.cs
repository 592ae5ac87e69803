using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>The node <c>.../$management</c> of a queue, subscription or dead-letter queue.</summary>
internal sealed class ManagementNode(BrokerQueue queue)
{
    private const string Vendor = "com.microsoft:";

    // Who wants more asks again from the next number on.
    private const int MostPeeked = 250;
    private const int PeekedBytes = 1024 * 1024;

    public Message Answer(Message request)
    {
        try
        {
            var body = AmqpMessages.Texts(request.Body as Map);
            return (request.ApplicationProperties?.Map.GetValueOrDefault("operation") as string) switch
            {
                $"{Vendor}renew-lock" => RenewLocks(body),
                $"{Vendor}peek-message" => Peek(body),
                $"{Vendor}update-disposition" => Settle(body),
                $"{Vendor}receive-by-sequence-number" => ReceiveDeferred(body),
                var other => Fail(501, BrokerException.NotImplemented($"The operation '{other}'")),
            };
        }
        catch (BrokerException refused)
        {
            return Fail(refused.Condition is BrokerException.LockLostCondition ? 410 : 400, refused);
        }
    }

    private Message RenewLocks(Dictionary<string, object?> body) =>
        Succeed(("expirations", Tokens(body).Select(token => (queue.Renew(token) ?? throw BrokerException.LockLost()).UtcDateTime).ToArray()));

    private Message Peek(Dictionary<string, object?> body)
    {
        var found = queue.Peek(Get<long>(body, "from-sequence-number"), Math.Min(Get<int>(body, "message-count"), MostPeeked));
        var (messages, bytes) = (new List(), 0);
        foreach (var message in found.Select(static delivery => AmqpMessages.Encode(AmqpMessages.Write(delivery, null))))
        {
            if (messages.Count > 0 && (bytes += message.Length) > PeekedBytes)
            {
                break;
            }
            messages.Add(new Map { ["message"] = message });
        }
        return messages.Count == 0 ? Answer(204, "There are no more messages.", null) : Succeed(("messages", messages));
    }

    private Message ReceiveDeferred(Dictionary<string, object?> body)
    {
        var found = queue.ReceiveDeferred(Get<long[]>(body, "sequence-numbers"), settled: body.GetValueOrDefault("receiver-settle-mode") is 0u);
        return found.Count == 0 ? Fail(404, new BrokerException(Vendor + "message-not-found", "None of the messages is deferred.")) : Succeed(("messages", ListOf(found.Select(static delivery => new Map
        {
            ["message"] = AmqpMessages.Encode(AmqpMessages.Write(delivery, null)),
            ["lock-token"] = delivery.LockToken ?? Guid.Empty,
        }))));
    }

    private Message Settle(Dictionary<string, object?> body)
    {
        var properties = AmqpMessages.Texts(body.GetValueOrDefault("properties-to-modify") as Map);
        Func<Guid, bool> how = Get<string>(body, "disposition-status") switch
        {
            "completed" => queue.Complete,
            "abandoned" => token => queue.Abandon(token, properties),
            "defered" => token => queue.Defer(token, properties),
            "suspended" => token => queue.DeadLetter(token, body.GetValueOrDefault("deadletter-reason") as string, body.GetValueOrDefault("deadletter-description") as string, properties),
            var other => throw BrokerException.NotImplemented($"The disposition '{other}'"),
        };
        return Tokens(body).All(how) ? Succeed() : throw BrokerException.LockLost();
    }

    private static Guid[] Tokens(Dictionary<string, object?> body) => Get<Guid[]>(body, "lock-tokens");

    private static T Get<T>(Dictionary<string, object?> body, string name) =>
        body.GetValueOrDefault(name) is T value ? value : throw BrokerException.Malformed($"The request has no {name}, or of another type.");

    private static List ListOf(IEnumerable<Map> maps)
    {
        var list = new List();
        foreach (var map in maps)
        {
            list.Add(map);
        }
        return list;
    }

    private static Message Succeed(params ReadOnlySpan<(string Name, object Value)> results)
    {
        var body = new Map();
        foreach (var (name, value) in results)
        {
            body[name] = value;
        }
        return Answer(200, "OK", null, body);
    }

    private static Message Fail(int status, BrokerException refused) => Answer(status, refused.Message, refused.Condition);

    private static Message Answer(int status, string description, string? condition, Map? body = null)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties { ["statusCode"] = status, ["statusDescription"] = description } };
        if (condition is not null)
        {
            answer.ApplicationProperties["errorCondition"] = new Symbol(condition);
        }
        if (body is not null)
        {
            answer.BodySection = new AmqpValue { Value = body };
        }
        return answer;
    }
}
