using System.Collections.Concurrent;
using Amqp;
using Amqp.Listener;

namespace ServerlessMeta.Local.Broker;

/// <summary>Where a client hears the answers to its requests.</summary>
internal sealed class ResponseLink(ListenerLink link) : OutgoingLink(link)
{
    private readonly ConcurrentQueue<Message> waiting = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override Task Changed => Volatile.Read(ref changed).Task;

    public void Send(Message message)
    {
        waiting.Enqueue(message);
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();

    protected override Message? Take() => waiting.TryDequeue(out var message) ? message : null;

    protected override void GiveBack(Message message)
    {
        // Whoever asked has gone.
    }
}
