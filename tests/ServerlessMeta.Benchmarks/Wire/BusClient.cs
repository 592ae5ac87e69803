using Amqp;
using Amqp.Framing;
using Amqp.Sasl;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>A connection to the broker that sends without waiting for one answer before the next message, and receives in the same way.</summary>
internal sealed class BusClient : IAsyncDisposable
{
    private const int Credit = 500;
    private readonly Connection connection;
    private readonly Session session;
    private readonly Dictionary<string, SenderLink> senders = new(StringComparer.Ordinal);

    private BusClient(Connection connection) => (this.connection, session) = (connection, new Session(connection));

    public static async Task<BusClient> ConnectAsync(int port)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        return new BusClient(await factory.CreateAsync(new Address($"amqp://127.0.0.1:{port}")));
    }

    /// <summary>Ends when the broker has taken all.</summary>
    public Task SendAsync(string entity, IReadOnlyList<byte[]> bodies, string contentType)
    {
        if (!senders.TryGetValue(entity, out var sender))
        {
            senders.Add(entity, sender = new SenderLink(session, $"to {entity}", entity));
        }
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = bodies.Count;
        foreach (var body in bodies)
        {
            var message = new Message { Properties = new Properties { ContentType = contentType }, BodySection = new Data { Binary = body } };
            sender.Send(message, (_, _, outcome, _) =>
            {
                if (outcome is not Accepted)
                {
                    taken.TrySetException(new InvalidOperationException($"The broker answered {outcome}."));
                }
                else if (Interlocked.Decrement(ref left) == 0)
                {
                    taken.TrySetResult();
                }
            }, null);
        }
        return taken.Task;
    }

    /// <summary>Ends when so many messages were received and accepted.</summary>
    public Task ReceiveAsync(string entity, int count)
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new ReceiverLink(session, "receiver", entity);
        receiver.Start(Credit, (link, message) =>
        {
            link.Accept(message);
            message.Dispose();
            if (--count == 0)
            {
                settled.TrySetResult();
            }
        });
        return settled.Task;
    }

    public async ValueTask DisposeAsync() => await connection.CloseAsync();
}
