namespace ServerlessMeta.Triggers;

/// <summary>How something that is sent of a trigger stands.</summary>
public enum TriggerDeliveryStatus
{
    /// <summary>It waits for its next attempt.</summary>
    Pending,

    /// <summary>The broker has it.</summary>
    Sent,

    /// <summary>It is in the queue of a webhook, whose log tells how it went.</summary>
    Queued,

    /// <summary>Twelve attempts failed, the webhook gave it up, or there is no such receiver.</summary>
    Dead,
}
