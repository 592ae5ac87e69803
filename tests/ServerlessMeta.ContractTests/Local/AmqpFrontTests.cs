using System.Net;
using System.Net.Sockets;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Transactions;
using Amqp.Types;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Local.Broker;
using ServerlessMeta.Messages;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>What clients other than the SDK do, good and bad, spoken by a plain AMQP client.</summary>
public sealed class AmqpFrontTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider time = new();
    private readonly InProcessBroker broker;
    private AmqpFront front;

    public AmqpFrontTests()
    {
        broker = new InProcessBroker(time, [new EntitySetup("q")]);
        front = AmqpFront.Open(broker, 0, time);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private BrokerQueue Queue => broker.Queue("q");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Receiver_of_the_first_mode_settles_without_an_answer()
    {
        Send(3);
        var connection = await ConnectAsync();
        var receiver = new ReceiverLink(new Session(connection), "r", "q");

        receiver.Accept(await receiver.ReceiveAsync(Patience));
        receiver.Release(await receiver.ReceiveAsync(Patience));
        receiver.Reject(await receiver.ReceiveAsync(Patience), new Error("custom:word") { Description = "Not this." });

        await UntilAsync(() => (Queue.Count, Queue.DeadLetters!.Count) == (1, 1));
        var dead = Queue.DeadLetters!.Peek(0, 1)[0];
        Assert.Equal(("m3", "custom:word", "Not this."), (dead.Message.Id, dead.Message.DeadLetterReason, dead.Message.DeadLetterDescription));
        Assert.Equal(("m2", 0), (Queue.Peek(0, 1)[0].Message.Id, Queue.Peek(0, 1)[0].FailedDeliveries));
        await connection.CloseAsync();
    }

    [Fact]
    public async Task What_a_receiver_leaves_stays_locked_until_the_lock_ends()
    {
        Send(1);
        var connection = await ConnectAsync();
        var receiver = new ReceiverLink(new Session(connection), "r", "q");
        Assert.NotNull(await receiver.ReceiveAsync(Patience));
        await connection.CloseAsync();

        Assert.Null(Queue.TryReceive(settled: false));
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(1, Queue.TryReceive(settled: false)!.FailedDeliveries);
    }

    [Fact]
    public async Task Credit_is_kept_to_whether_raised_repeated_or_drained()
    {
        Send(20);
        var connection = await ConnectAsync();
        var receiver = new ReceiverLink(new Session(connection), "r", "q");
        var received = new List<string>();

        await ReceiveAsync(5);
        Assert.Null(await receiver.ReceiveAsync(TimeSpan.FromMilliseconds(200)));
        await ReceiveAsync(2);
        receiver.SetCredit(100, CreditMode.Drain);
        await ReceiveAsync(13, credit: 0);
        Assert.Null(await receiver.ReceiveAsync(TimeSpan.FromMilliseconds(200)));
        Send(30, from: 21);
        Assert.Null(await receiver.ReceiveAsync(TimeSpan.FromMilliseconds(200)));
        await ReceiveAsync(10);
        receiver.SetCredit(0, CreditMode.Manual);
        await ReceiveAsync(3);

        Assert.Equal(Enumerable.Range(1, 33).Select(static i => $"m{i}"), received);
        await connection.CloseAsync();

        async Task ReceiveAsync(int count, int? credit = null)
        {
            if (credit is not 0)
            {
                receiver.SetCredit(credit ?? count, CreditMode.Manual);
            }
            for (var i = 0; i < count; i++)
            {
                var message = await receiver.ReceiveAsync(Patience);
                Assert.True(message is not null, $"{received.Count} of {received.Count + count - i} messages came");
                received.Add(message.Properties.MessageId);
                receiver.Accept(message);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_with_a_part_that_is_no_message_is_refused_whole(bool data)
    {
        var connection = await ConnectAsync();
        var sender = new SenderLink(new Session(connection), "s", "q");
        var parts = new DataList();
        parts.Add(new Data { Binary = AmqpMessages.Encode(new Message("good") { Properties = new Properties { MessageId = "good" } }) });
        parts.Add(new Data { Binary = [1, 2, 3] });
        var batch = new Message { BodySection = data ? parts : new AmqpValue { Value = "text" }, Format = 0x80013700 };

        var refused = await Assert.ThrowsAsync<AmqpException>(() => sender.SendAsync(batch, Patience));

        Assert.Equal("amqp:decode-error", refused.Error.Condition.ToString());
        Assert.Equal(0, Queue.Count);
        await sender.SendAsync(new Message("still open"), Patience);
        Assert.Equal(1, Queue.Count);
        await connection.CloseAsync();
    }

    [Fact]
    public async Task Transaction_is_refused_and_the_connection_goes_on()
    {
        var connection = await ConnectAsync();
        var session = new Session(connection);
        var closed = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        var controller = new SenderLink(session, "c", new Attach { Source = new Source(), Target = new Coordinator() }, null);
        controller.AddClosedCallback((_, error) => closed.TrySetResult(error));

        var told = await closed.Task.WaitAsync(Patience, Ct);

        Assert.Equal(("amqp:not-implemented", "A transaction is not part of this stand-in for Service Bus."), (told.Condition.ToString(), told.Description));
        await new SenderLink(session, "s", "q").SendAsync(new Message("still open"), Patience);
        Assert.Equal(1, Queue.Count);
        await connection.CloseAsync();
    }

    [Fact]
    public async Task Clients_that_say_nothing_or_nonsense_keep_nobody_waiting()
    {
        var silent = Enumerable.Range(0, 20).Select(_ => new TcpClient("127.0.0.1", front.Port)).ToArray();
        foreach (var nonsense in (byte[][])[Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), [.. "AMQP"u8, 0, 1, 0, 0], [.. "AMQP"u8, 3, 1, 0, 0, 255, 255, 255, 255], [.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, 9, 2, 1, 0, 0, 7]])
        {
            using var client = new TcpClient("127.0.0.1", front.Port);
            await client.GetStream().WriteAsync(nonsense, Ct);
            using var patience = new CancellationTokenSource(Patience);
            var answer = new byte[1000];
            var read = 0;
            while (await client.GetStream().ReadAsync(answer.AsMemory(), patience.Token) is > 0 and var more)
            {
                read += more;
            }
            Assert.InRange(read, 0, 200);
        }

        var connection = await ConnectAsync();
        await new SenderLink(new Session(connection), "s", "q").SendAsync(new Message("through"), Patience);

        Assert.Equal(1, Queue.Count);
        await connection.CloseAsync();
        Assert.All(silent, static client => client.Dispose());
    }

    [Fact]
    public async Task Client_that_breaks_the_protocol_later_loses_its_own_connection_only()
    {
        var bystander = await ConnectAsync();
        using var client = new TcpClient("127.0.0.1", front.Port);
        byte[] init = [0x00, 0x53, 0x41, 0xc0, 0x0c, 0x01, 0xa3, 0x09, .. "ANONYMOUS"u8];
        await client.GetStream().WriteAsync((byte[])[.. "AMQP"u8, 3, 1, 0, 0, 0, 0, 0, (byte)(8 + init.Length), 2, 1, 0, 0, .. init, .. "AMQP"u8, 0, 1, 0, 0, 0, 0, 0, 12, 2, 0, 0, 0, 1, 2, 3, 4], Ct);
        using var patience = new CancellationTokenSource(Patience);
        while (await client.GetStream().ReadAsync(new byte[1000], patience.Token) > 0)
        {
            // Until the broker hangs up.
        }

        await new SenderLink(new Session(bystander), "s", "q").SendAsync(new Message("through"), Patience);

        Assert.Equal(1, Queue.Count);
        await bystander.CloseAsync();
    }

    [Fact]
    public void Port_that_is_taken_is_never_shared()
    {
        using var other = new InProcessBroker(time, InProcessBroker.StoreEntities);

        Assert.Throws<SocketException>(() => AmqpFront.Open(other, front.Port, time));
        Assert.Throws<SocketException>(() => AmqpFront.Open(other, front.Port, usual: 1, time));
    }

    [Fact]
    public async Task Usual_port_that_is_taken_is_replaced_by_a_free_one()
    {
        using var other = new InProcessBroker(time, InProcessBroker.StoreEntities);

        await using var second = AmqpFront.Open(other, asked: null, usual: front.Port, time);

        Assert.NotEqual(front.Port, second.Port);
        await (await ConnectAsync(second.Port)).CloseAsync();
    }

    [Fact]
    public async Task Shutdown_tells_clients_and_frees_the_port()
    {
        var connection = await ConnectAsync();
        var closed = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.AddClosedCallback((_, error) => closed.TrySetResult(error));
        var port = front.Port;

        await front.DisposeAsync();

        Assert.Equal("amqp:connection:forced", (await closed.Task.WaitAsync(Patience, Ct)).Condition.ToString());
        front = AmqpFront.Open(broker, port, time);
        await (await ConnectAsync()).CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        broker.Dispose();
    }

    private async Task<Connection> ConnectAsync(int? port = null)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        return await factory.CreateAsync(new Address($"amqp://127.0.0.1:{port ?? front.Port}")).WaitAsync(Patience, Ct);
    }

    private void Send(int count, int from = 1) =>
        broker.Entity("q").Send([.. Enumerable.Range(from, count).Select(static i => BrokerMessage.From(new OutgoingMessage($"m{i}", "text/plain", null, new BinaryData("text"))))]);

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 400 && !holds(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Ct);
        }
        Assert.True(holds());
    }
}
