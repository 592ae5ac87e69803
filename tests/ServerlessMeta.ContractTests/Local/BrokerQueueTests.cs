using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Local.Broker;
using ServerlessMeta.Messages;

namespace ServerlessMeta.ContractTests.Local;

/// <summary>The rules of the broker, on a clock of their own.</summary>
public sealed class BrokerQueueTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly Dictionary<string, object?> None = [];
    private readonly FakeTimeProvider time = new();
    private readonly InProcessBroker broker;

    public BrokerQueueTests() => broker = new InProcessBroker(time,
    [
        new EntitySetup("q"),
        new EntitySetup("unique") { DuplicateWindow = TimeSpan.FromMinutes(10), MaxMessages = 3 },
        new EntitySetup("small") { MaxMessages = 3 },
        new EntitySetup("narrow") { MaxBytes = 5_000 },
        new EntitySetup("t") { Subscriptions = ["one", "two"], MaxMessages = 2 },
    ]);

    private BrokerQueue Queue => broker.Queue("q");

    [Fact]
    public void Message_is_delivered_to_one_receiver_until_it_is_settled()
    {
        Send("q", "a", "b");

        var (a, b, none) = (Receive(), Receive(), Queue.TryReceive(settled: false));

        Assert.Equal(("a", 1L, 0), (a.Message.Id, a.SequenceNumber, a.FailedDeliveries));
        Assert.Equal(("b", 2L, time.GetUtcNow() + TimeSpan.FromSeconds(60)), (b.Message.Id, b.SequenceNumber, b.LockedUntil));
        Assert.Null(none);
        Assert.Equal(2, Queue.Count);
        Assert.True(Queue.Complete(Token(a)));
        Assert.False(Queue.Complete(Token(a)));
        Assert.Equal(1, Queue.Count);
    }

    [Fact]
    public void Lock_that_ends_gives_the_message_back_to_its_old_place()
    {
        Send("q", "a", "b");
        var first = Receive();

        time.Advance(60 * Second);
        var again = Receive();

        Assert.Equal(("a", 1), (again.Message.Id, again.FailedDeliveries));
        Assert.False(Queue.Complete(Token(first)));
        Assert.Null(Queue.Renew(Token(first)));
        Assert.True(Queue.Complete(Token(again)));
        Assert.Equal("b", Receive().Message.Id);
    }

    [Fact]
    public void Renewed_lock_lasts_longer_than_one_that_was_taken_later()
    {
        Send("q", "a", "b");
        var (a, b) = (Receive(), Receive());
        time.Advance(40 * Second);

        var until = Queue.Renew(Token(a));
        time.Advance(20 * Second);

        Assert.Equal(time.GetUtcNow() + (40 * Second), until);
        Assert.False(Queue.Complete(Token(b)));
        Assert.True(Queue.Complete(Token(a)));
    }

    [Fact]
    public void Whoever_waits_is_told_of_what_comes_what_is_given_back_and_what_is_no_longer_locked()
    {
        var sent = Queue.Changed;
        Assert.False(sent.IsCompleted);
        Send("q", "a");
        Assert.True(sent.IsCompleted);

        var delivery = Receive();
        var givenBack = Queue.Changed;
        Assert.False(givenBack.IsCompleted);
        Queue.Abandon(Token(delivery), None);
        Assert.True(givenBack.IsCompleted);

        Receive();
        var ended = Queue.Changed;
        time.Advance(59 * Second);
        Assert.False(ended.IsCompleted);
        time.Advance(Second);
        Assert.True(ended.IsCompleted);
    }

    [Fact]
    public void Message_that_failed_ten_times_is_a_dead_letter()
    {
        Send("q", "poison", "good");
        for (var i = 0; i < 10; i++)
        {
            var delivery = Receive();
            Assert.Equal(("poison", i), (delivery.Message.Id, delivery.FailedDeliveries));
            Assert.True(Queue.Release(Token(delivery)));
            delivery = Receive();
            if (i % 2 == 0)
            {
                Assert.True(Queue.Abandon(Token(delivery), None));
            }
            else
            {
                time.Advance(60 * Second);
            }
        }

        Assert.Equal("good", Receive().Message.Id);
        var dead = Assert.Single(Queue.DeadLetters!.Peek(0, 10));
        Assert.Equal(("poison", 10, "MaxDeliveryCountExceeded"), (dead.Message.Id, dead.FailedDeliveries, dead.Message.DeadLetterReason));
        Assert.Equal((1, 1), (Queue.Count, Queue.DeadLetters.Count));
    }

    [Fact]
    public void Dead_letter_is_given_back_however_often_it_fails()
    {
        Send("q", "a");
        Queue.DeadLetter(Token(Receive()), "Bad", null, None);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(Queue.DeadLetters!.Abandon(Token(Queue.DeadLetters.TryReceive(settled: false)!), None));
        }
        Assert.True(Queue.DeadLetters!.DeadLetter(Token(Queue.DeadLetters.TryReceive(settled: false)!), "Worse", null, None));

        Assert.Equal("Bad", Assert.Single(Queue.DeadLetters.Peek(0, 10)).Message.DeadLetterReason);
    }

    [Fact]
    public async Task Dead_letter_is_listed_and_replayed_as_new_once()
    {
        var ct = TestContext.Current.CancellationToken;
        var bus = new LocalBus(broker);
        await bus.SendAsync("q", new OutgoingMessage("a", "application/json", "a subject", new BinaryData("{}")), ct);
        await bus.SendAsync("q", new OutgoingMessage("b", "application/json", null, new BinaryData("[]")), ct);
        Queue.DeadLetter(Token(Receive()), "Bad", "It is bad.", new Dictionary<string, object?> { ["line"] = 3 });

        var dead = Assert.Single(await bus.ListDeadLettersAsync("q", 0, 10, ct));
        Assert.Equal((1L, "a", "a subject", "Bad", "It is bad.", 1, "application/json", "{}"), (dead.SequenceNumber, dead.MessageId, dead.Subject, dead.Reason, dead.Description, dead.DeliveryCount, dead.ContentType, $"{dead.Body}"));
        Assert.Equal(new QueueCounts(1, 1, IsAtLeast: false), await bus.CountAsync("q", ct));
        Assert.Empty(await bus.ListDeadLettersAsync("q", 2, 10, ct));
        Assert.False(await bus.ReplayAsync("q", 2, ct));
        Assert.True(await bus.ReplayAsync("q", 1, ct));
        Assert.False(await bus.ReplayAsync("q", 1, ct));
        Assert.Equal(new QueueCounts(2, 0, IsAtLeast: false), await bus.CountAsync("q", ct));

        Assert.Equal("b", Receive().Message.Id);
        var again = Receive();
        Assert.Equal(("a", 3L, 0, (string?)null, "{}"), (again.Message.Id, again.SequenceNumber, again.FailedDeliveries, again.Message.DeadLetterReason, $"{again.Message.Body}"));
        Assert.Equal(3, again.Message.Properties["line"]);
    }

    [Fact]
    public void Dead_letter_that_somebody_looks_at_can_be_replayed()
    {
        Send("q", "a");
        Queue.DeadLetter(Token(Receive()), "Bad", null, None);
        var reading = Queue.DeadLetters!.TryReceive(settled: false)!;

        Assert.True(Queue.Replay(1));

        Assert.False(Queue.DeadLetters.Complete(Token(reading)));
        Assert.Equal("a", Receive().Message.Id);
    }

    [Fact]
    public void Same_id_is_taken_once_in_its_window()
    {
        Send("unique", "a", "a", "b");
        Send("unique", "b");
        Assert.Equal(2, broker.Queue("unique").Count);

        time.Advance(TimeSpan.FromMinutes(10) - Second);
        Send("unique", "a");
        Assert.Equal(2, broker.Queue("unique").Count);

        time.Advance(Second);
        Send("unique", "a");
        Assert.Equal(3, broker.Queue("unique").Count);
    }

    [Fact]
    public void Id_of_a_message_that_was_refused_is_not_remembered()
    {
        Send("unique", "a", "b", "c");
        Assert.Throws<BrokerException>(() => Send("unique", "d"));
        Send("unique", "a", "b");

        broker.Queue("unique").TryReceive(settled: true);
        Send("unique", "d");

        Assert.Equal(["b", "c", "d"], Drain("unique"));
    }

    [Fact]
    public void Full_queue_refuses_all_of_a_batch_until_there_is_room()
    {
        var queue = broker.Queue("small");
        Send("small", "a", "b");

        var full = Assert.Throws<BrokerException>(() => Send("small", "c", "d"));
        Assert.Equal(("amqp:resource-limit-exceeded", "small is full: it holds at most 3 messages and 67108864 bytes, dead letters among them."), (full.Condition, full.Message));
        Send("small", "c");
        queue.DeadLetter(Token(queue.TryReceive(settled: false)!), "Bad", null, None);
        Assert.Throws<BrokerException>(() => Send("small", "d"));
        queue.DeadLetters!.TryReceive(settled: true);
        Send("small", "d");

        Assert.Equal(["b", "c", "d"], Drain("small"));
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var large = BrokerMessage.From(new OutgoingMessage("a", "text/plain", null, new BinaryData(new byte[2_400])));
        broker.Entity("narrow").Send([large, large]);

        Assert.Throws<BrokerException>(() => broker.Entity("narrow").Send([large]));
        Assert.Throws<BrokerException>(() => broker.Entity("q").Send([BrokerMessage.From(new OutgoingMessage("a", "text/plain", null, new BinaryData(new byte[256 * 1024])))]));

        Assert.Equal((2, 0), (broker.Queue("narrow").Count, Queue.Count));
    }

    [Fact]
    public void Topic_gives_to_every_subscription_or_to_none()
    {
        Send("t", "a");
        Send("t", "b");
        broker.Queue("t/subscriptions/ONE").TryReceive(settled: true);

        Assert.Throws<BrokerException>(() => Send("t", "c"));

        Assert.Equal(["b"], Drain("t/Subscriptions/one"));
        Assert.Equal(["a", "b"], Drain("t/Subscriptions/two"));
    }

    [Fact]
    public void Message_whose_time_is_over_is_dropped()
    {
        var sections = new Amqp.Message { Header = new Amqp.Framing.Header { Ttl = 5_000 }, BodySection = new Amqp.Framing.Data { Binary = [1] } };
        broker.Entity("small").Send([BrokerMessage.From(sections, 100), BrokerMessage.From(new Amqp.Message("stays"), 100), BrokerMessage.From(new Amqp.Message("too"), 100)]);

        time.Advance(5 * Second);

        Assert.Equal("stays", $"{broker.Queue("small").TryReceive(settled: false)!.Message.Body}");
        Send("small", "there is room");
        Assert.Equal(3, broker.Queue("small").Count);
    }

    [Fact]
    public void Deferred_message_is_received_by_its_number_only_and_stays_deferred_when_abandoned()
    {
        Send("q", "a", "b");
        Queue.Defer(Token(Receive()), None);
        Assert.Equal("b", Receive().Message.Id);
        Assert.Equal(1, Queue.Count);
        Assert.Equal(HeldState.Deferred, Queue.Peek(1, 1).Single().State);

        var delivery = Assert.Single(Queue.ReceiveDeferred([1, 2, 3, 1], settled: false));
        Assert.Empty(Queue.ReceiveDeferred([1], settled: false));
        Queue.Abandon(Token(delivery), None);
        Assert.Null(Queue.TryReceive(settled: false));
        Assert.True(Queue.Complete(Token(Assert.Single(Queue.ReceiveDeferred([1], settled: false)))));

        Assert.Equal(1, Queue.Count);
    }

    [Fact]
    public void Peeking_goes_on_from_a_number_and_locks_nothing()
    {
        Send("q", [.. Enumerable.Range(1, 25).Select(static i => $"m{i}")]);
        Queue.Complete(Token(Receive()));

        var pages = new List<string>();
        for (long from = 0; Queue.Peek(from, 10) is { Count: > 0 } page; from = page[^1].SequenceNumber + 1)
        {
            pages.AddRange(page.Select(static message => message.Message.Id));
        }

        Assert.Equal(Enumerable.Range(2, 24).Select(static i => $"m{i}"), pages);
        Assert.Equal("m2", Receive().Message.Id);
    }

    [Theory]
    [InlineData("Q")]
    [InlineData("/q/")]
    [InlineData("amqps://localhost:5671/q")]
    [InlineData("sb://localhost/Q/$deadletterqueue")]
    [InlineData("t/Subscriptions/one/$DeadLetterQueue")]
    public void Address_is_found(string address) => Assert.NotNull(broker.Queue(address));

    [Theory]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("amqp://localhost")]
    [InlineData("t/Subscriptions/three")]
    public void Address_is_not_found(string address) => Assert.Matches("^The messaging entity '.*' could not be found.$", Assert.Throws<BrokerException>(() => broker.Queue(address)).Message);

    /// <summary>Whatever receivers do, a message is in one place, and nobody has it who does not hold its newest lock.</summary>
    [Fact]
    public void Messages_are_neither_lost_nor_doubled() => Gen.Int[0, 9].Array[1, 120].Sample(static steps =>
    {
        var clock = new FakeTimeProvider();
        using var own = new InProcessBroker(clock, [new EntitySetup("q") { MaxDeliveryCount = 3 }]);
        var queue = own.Queue("q");
        var (sent, completed) = (0, new HashSet<string>());
        var held = new Dictionary<Guid, (string Id, DateTimeOffset Until)>();
        foreach (var step in steps)
        {
            var mine = held.Keys.Order().FirstOrDefault();
            var holds = held.TryGetValue(mine, out var lockOf) && lockOf.Until > clock.GetUtcNow();
            switch (step)
            {
                case 0 or 1 or 2:
                    own.Entity("q").Send([BrokerMessage.From(new OutgoingMessage($"m{++sent}", "text/plain", null, BinaryData.Empty))]);
                    break;
                case 3 or 4:
                    if (queue.TryReceive(settled: false) is { } delivery)
                    {
                        Assert.DoesNotContain(held.Values, other => other.Id == delivery.Message.Id && other.Until > clock.GetUtcNow());
                        held[delivery.LockToken!.Value] = (delivery.Message.Id, delivery.LockedUntil!.Value);
                    }
                    break;
                case 5:
                    Assert.Equal(holds, queue.Complete(mine));
                    Assert.True(!holds || completed.Add(lockOf.Id));
                    held.Remove(mine);
                    break;
                case 6:
                    Assert.Equal(holds, queue.Abandon(mine, None));
                    held.Remove(mine);
                    break;
                case 7:
                    Assert.Equal(holds, queue.DeadLetter(mine, "Bad", null, None));
                    held.Remove(mine);
                    break;
                case 8:
                    clock.Advance(TimeSpan.FromSeconds(25));
                    break;
                default:
                    queue.Replay(queue.DeadLetters!.Peek(0, 1) is [var oldest] ? oldest.SequenceNumber : 0);
                    break;
            }
        }
        var there = queue.Peek(0, int.MaxValue).Concat(queue.DeadLetters!.Peek(0, int.MaxValue)).Select(static message => message.Message.Id).ToArray();
        Assert.Equal(Enumerable.Range(1, sent).Select(static i => $"m{i}").Order(StringComparer.Ordinal), there.Concat(completed).Order(StringComparer.Ordinal));
        Assert.Equal(there.Length, queue.Count + queue.DeadLetters.Count);
    });

    public void Dispose() => broker.Dispose();

    private static Guid Token(BrokerDelivery delivery) => delivery.LockToken!.Value;

    private BrokerDelivery Receive() => Queue.TryReceive(settled: false)!;

    private void Send(string entity, params string[] ids) =>
        broker.Entity(entity).Send([.. ids.Select(static id => BrokerMessage.From(new OutgoingMessage(id, "text/plain", null, new BinaryData(id))))]);

    private List<string> Drain(string address)
    {
        List<string> ids = [];
        while (broker.Queue(address).TryReceive(settled: true) is { } delivery)
        {
            ids.Add(delivery.Message.Id);
        }
        return ids;
    }
}
