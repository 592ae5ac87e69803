using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>The orders that were asked of an index last, and what is known of its runs as a whole; forgotten when a run changes. Used under the index's lock.</summary>
internal sealed class RankedCache
{
    private const int MaxOrders = 8;
    private readonly Dictionary<RankedKey, (RankedRuns Ranked, long Used)> orders = [];
    private long uses;
    private long revision;

    public ImmutableArray<FieldUse>? Fields { get; set; }

    public RankedRuns Get(RankedKey key, long now, Func<RankedRuns> rank)
    {
        Settle(now);
        var ranked = orders.TryGetValue(key, out var kept) ? kept.Ranked : rank();
        if (orders.Count >= MaxOrders && !orders.ContainsKey(key))
        {
            orders.Remove(orders.MinBy(static pair => pair.Value.Used).Key);
        }
        orders[key] = (ranked, ++uses);
        return ranked;
    }

    public bool Has(RankedKey key, long now)
    {
        Settle(now);
        return orders.ContainsKey(key);
    }

    /// <summary>Forgets what is of before the last change.</summary>
    public void Settle(long now)
    {
        if (revision != now)
        {
            orders.Clear();
            Fields = null;
            revision = now;
        }
    }
}
