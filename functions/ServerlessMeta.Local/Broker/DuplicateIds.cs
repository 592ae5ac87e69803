namespace ServerlessMeta.Local.Broker;

/// <summary>The message ids of the last minutes. Its owner lets one thread in at a time.</summary>
internal sealed class DuplicateIds(TimeSpan window)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Id)> order = [];

    /// <summary>The messages whose ids were not seen in the window, each id once.</summary>
    public IReadOnlyList<BrokerMessage> Fresh(IReadOnlyList<BrokerMessage> messages, DateTimeOffset now)
    {
        while (order.TryPeek(out var oldest) && now - oldest.At >= window)
        {
            seen.Remove(order.Dequeue().Id);
        }
        return [.. messages.DistinctBy(static message => message.Id, StringComparer.Ordinal).Where(message => !seen.Contains(message.Id))];
    }

    public void Add(string id, DateTimeOffset now)
    {
        seen.Add(id);
        order.Enqueue((now, id));
    }
}
