namespace ServerlessMeta.Platform;

/// <summary>Messages that were sent in an order. When one of them has to come again, those behind it wait for it, or they would be applied before it.</summary>
public sealed class ReceiptLane
{
    private volatile bool isHeld;

    /// <summary>One of them has to come again.</summary>
    internal bool IsHeld => isHeld;

    internal void Hold() => isHeld = true;
}
