namespace ServerlessMeta.Triggers;

/// <summary>Where a trigger goes: a queue or topic (<c>serviceBus</c>), or a webhook by its id or name.</summary>
public sealed record TriggerAction(string Type, string Receiver, bool TellsDrift)
{
    internal static TriggerAction Of(RuleAction action) => action switch
    {
        RuleAction.ServiceBus bus => new TriggerAction(RuleText.ServiceBus, bus.Entity, bus.TellsDrift),
        RuleAction.Webhook webhook => new TriggerAction(RuleText.Webhook, webhook.SecretRef, webhook.TellsDrift),
        _ => throw new InvalidOperationException($"{action.GetType().Name} has no receiver."),
    };
}
