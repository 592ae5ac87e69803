namespace ServerlessMeta.Local.Broker;

/// <summary>The locked messages of a queue. All locks of a queue last equally long, so the order of locking is the order of ending.</summary>
internal sealed class LockList(TimeSpan duration)
{
    private readonly Dictionary<Guid, LinkedListNode<HeldMessage>> byToken = [];
    private readonly LinkedList<HeldMessage> byEnd = [];

    public int Count => byToken.Count;

    public DateTimeOffset? FirstEnd => byEnd.First?.Value.LockedUntil;

    public void Add(HeldMessage held, Guid token, DateTimeOffset now)
    {
        (held.State, held.LockToken, held.LockedUntil) = (HeldState.Locked, token, now + duration);
        byToken.Add(token, byEnd.AddLast(held));
    }

    /// <returns>Null: nothing has that lock, or it has ended.</returns>
    public HeldMessage? Remove(Guid token)
    {
        if (!byToken.Remove(token, out var node))
        {
            return null;
        }
        byEnd.Remove(node);
        return node.Value;
    }

    /// <returns>When the lock ends now; null: there is no such lock.</returns>
    public DateTimeOffset? Renew(Guid token, DateTimeOffset now)
    {
        if (!byToken.TryGetValue(token, out var node))
        {
            return null;
        }
        byEnd.Remove(node);
        byEnd.AddLast(node);
        return node.Value.LockedUntil = now + duration;
    }

    /// <summary>Takes out a message whose lock has ended.</summary>
    public HeldMessage? RemoveEnded(DateTimeOffset now) => byEnd.First is { } first && first.Value.LockedUntil <= now ? Remove(first.Value.LockToken) : null;
}
