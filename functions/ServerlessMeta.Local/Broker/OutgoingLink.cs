using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ServerlessMeta.Local.Broker;

/// <summary>Sends messages to a client as far as the client gives credit. One loop for each link, from its attach to its end.</summary>
internal abstract class OutgoingLink : LinkEndpoint
{
    private readonly ListenerLink link;
    private readonly Lock sync = new();
    private TaskCompletionSource woken = NewSignal();
    private int credit;
    private int creditOfLibrary;
    private bool draining;
    private volatile bool closed;

    protected OutgoingLink(ListenerLink link)
    {
        this.link = link;
        link.AddClosedCallback((_, _) =>
        {
            closed = true;
            Wake();
        });
    }

    /// <summary>The client has left, or is about to.</summary>
    protected bool IsClosed => closed;

    /// <summary>Ends when there may be a message again.</summary>
    protected abstract Task Changed { get; }

    public void Start() => _ = RunAsync();

    // The library takes a limit that did not move for a credit of nothing, so it is followed here, and the true credit beside it.
    public sealed override void OnFlow(FlowContext flowContext)
    {
        lock (sync)
        {
            credit = creditOfLibrary + flowContext.Messages;
            creditOfLibrary = flowContext.Messages <= 0 ? 0 : credit;
            draining = link.IsDraining;
        }
        Wake();
    }

    /// <summary>The next message; null: none is there.</summary>
    protected abstract Message? Take();

    /// <summary>A message that could not be sent.</summary>
    protected abstract void GiveBack(Message message);

    private async Task RunAsync()
    {
        try
        {
            while (!closed)
            {
                var (changed, called) = (Changed, Volatile.Read(ref woken).Task);
                var (hasCredit, drain) = Account();
                if (!(hasCredit && SendNext()) && !(drain && EndDrain()))
                {
                    await (hasCredit ? Task.WhenAny(changed, called) : called);
                }
            }
        }
        catch (Exception gone) when (gone is AmqpException or ObjectDisposedException or InvalidOperationException)
        {
            if (!closed)
            {
                link.Close(TimeSpan.Zero, new Error(new Symbol(ErrorCode.InternalError)) { Description = gone.Message });
            }
        }
    }

    private (bool HasCredit, bool Drain) Account()
    {
        lock (sync)
        {
            return (credit > 0, draining);
        }
    }

    private bool SendNext()
    {
        if (Take() is not { } message)
        {
            return false;
        }
        lock (sync)
        {
            credit--;
            creditOfLibrary--;
        }
        try
        {
            link.SendMessage(message);
            return true;
        }
        catch
        {
            GiveBack(message);
            throw;
        }
    }

    // Not the library's own way of saying so, which leaves out the flag that clients wait for.
    private bool EndDrain()
    {
        lock (sync)
        {
            (credit, creditOfLibrary, draining) = (0, 0, false);
        }
        link.SetCredit(0, drain: true, autoRestore: false);
        return true;
    }

    private void Wake() => Interlocked.Exchange(ref woken, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
