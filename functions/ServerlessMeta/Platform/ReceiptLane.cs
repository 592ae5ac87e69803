namespace ServerlessMeta.Platform;

/// <summary>
/// Messages that were sent in an order. When one of them has to come again, those behind it wait for it, or they would be applied before it. Those that come at once share a write: it waits
/// until there are many, or whoever starts them says <see cref="Go"/>, as it must before it waits for any of them.
/// </summary>
public sealed class ReceiptLane
{
    // As many as a group of a run takes.
    private const int Many = 64;
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isHeld;
    private int entered;

    /// <summary>One of them has to come again.</summary>
    internal bool IsHeld => isHeld;

    /// <summary>Completes when the first write waits for no more of them.</summary>
    internal Task Gone => gone.Task;

    /// <summary>No more of them come at once.</summary>
    public void Go() => gone.TrySetResult();

    internal void Hold() => isHeld = true;

    internal void Enter()
    {
        if (Interlocked.Increment(ref entered) == Many)
        {
            Go();
        }
    }
}
