using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Puts what is told of a trigger into the outbox, in the transaction that decides it.</summary>
internal static class TriggerOutbox
{
    private const int Kinds = 3;

    /// <summary>Adds a delivery for each receiver. Its number follows from receiver and event, so that none is added twice.</summary>
    /// <returns>Whether there is any.</returns>
    public static bool Add(GroupTransaction transaction, Trigger trigger, TriggerEventKind kind, DateTimeOffset now)
    {
        byte[]? payload = null;
        for (var i = 0; i < trigger.Actions.Length; i++)
        {
            var action = trigger.Actions[i];
            if (kind is not TriggerEventKind.Fired && !action.TellsDrift)
            {
                continue;
            }
            var delivery = new TriggerDelivery
            {
                Decision = trigger.Id,
                Number = (i * Kinds) + (int)kind,
                EventId = TriggerEvent.IdOf(trigger.Id, kind),
                Type = TriggerEvent.TypeOf(trigger, kind),
                Action = action,
                Rule = trigger.Rule,
                QueuedAt = now,
                NextAttemptAt = now,
            };
            payload ??= TriggerEvent.Write(trigger, kind);
            transaction.Put(TriggerDeliveryRow.From(delivery, payload)).Put(TriggerDeliveryRow.Queued(delivery, now));
        }
        return payload is not null;
    }
}
