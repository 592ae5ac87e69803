using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>The first so many matches behind a given hit, in the order of a query, ties by start (latest first), then id. Keeps no more than it answers.</summary>
internal sealed class RunRanking(RecordQuery query, int size, RunHit? after)
{
    private readonly PriorityQueue<RunHit, RunHit> worstFirst = new(Comparer<RunHit>.Create((x, y) => Compare(query, y, x)));

    /// <summary>Whether more matched than are kept.</summary>
    public bool Overflowed { get; private set; }

    public void Offer(RunHit hit)
    {
        if (!query.Matches(hit) || (after is { } last && Compare(query, hit, last) <= 0))
        {
            return;
        }
        if (worstFirst.Count < size)
        {
            worstFirst.Enqueue(hit, hit);
            return;
        }
        Overflowed = true;
        if (size > 0 && Compare(query, hit, worstFirst.Peek()) < 0)
        {
            worstFirst.EnqueueDequeue(hit, hit);
        }
    }

    public List<RunHit> Take()
    {
        var hits = new List<RunHit>(worstFirst.Count);
        while (worstFirst.TryDequeue(out var hit, out _))
        {
            hits.Add(hit);
        }
        hits.Reverse();
        return hits;
    }

    public static int Compare(RecordQuery query, RunHit x, RunHit y)
    {
        var order = query.Compare(x, y);
        order = order != 0 ? order : y.Run.StartedAt.CompareTo(x.Run.StartedAt);
        return order != 0 ? order : x.Run.Id.CompareTo(y.Run.Id);
    }
}
