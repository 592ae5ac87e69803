namespace ServerlessMeta.Webhooks;

public enum WebhookStatus
{
    /// <summary>It is told of events.</summary>
    Active,

    /// <summary>It is not: someone disabled it, or its receiver answered that it is gone.</summary>
    Disabled,
}
