namespace ServerlessMeta.Triggers;

/// <summary>What becomes of a trigger.</summary>
public abstract record RuleAction
{
    /// <summary>Whether the beginning and the end of drift are told too.</summary>
    public bool TellsDrift { get; init; }

    /// <summary>A message to a queue or topic.</summary>
    public sealed record ServiceBus(string Entity) : RuleAction;

    /// <summary>A call of a registered webhook.</summary>
    /// <param name="Url">Its address, as the rule says it; null: whatever it is.</param>
    /// <param name="SecretRef">The webhook's id or name: its secret signs.</param>
    public sealed record Webhook(string? Url, string SecretRef) : RuleAction;
}
