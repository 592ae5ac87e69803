namespace ServerlessMeta.Webhooks;

/// <summary>How a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>It waits for its next attempt.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The receiver refused it for good, or did not take it for a day.</summary>
    Failed,

    /// <summary>The webhook was disabled or deleted before it was taken.</summary>
    Cancelled,
}
