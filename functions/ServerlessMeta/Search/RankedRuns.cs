namespace ServerlessMeta.Search;

/// <summary>The runs that a query found in an index, in its order, by their slots; right until a run changes.</summary>
internal sealed class RankedRuns(int[] slots)
{
    public int[] Slots => slots;

    /// <summary>Of the columns that were asked for.</summary>
    public Dictionary<Field, ValueRange?> Ranges { get; } = [];

    public static RankedRuns Of(RecordQuery query, IReadOnlyList<int> matching, Func<int, RunHit> at)
    {
        int[] slots = [.. matching];
        var keys = Array.ConvertAll(slots, slot => query.LeadingKey(at(slot)) ?? -at(slot).Run.StartedAt.ToUnixTimeMilliseconds());
        Array.Sort(keys, slots);
        // Numbers sort fast; only where they agree is the whole order asked.
        for (int start = 0, end; start < slots.Length; start = end)
        {
            for (end = start + 1; end < slots.Length && keys[end] == keys[start];)
            {
                end++;
            }
            if (end - start > 1)
            {
                slots.AsSpan(start, end - start).Sort((x, y) => RunRanking.Compare(query, at(x), at(y)));
            }
        }
        return new RankedRuns(slots);
    }
}
