using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// The most frequent of many values in a table of fixed size (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005).
/// A value that is new to a full table takes the place of the least frequent one, and its count as its error: a value occurred from count - error to count times.
/// Whatever occurs more often than total/capacity is in the table.
/// </summary>
internal sealed class SpaceSaving
{
    private readonly Dictionary<string, int> places;
    private readonly Slot[] heap;

    public SpaceSaving(int capacity)
    {
        Capacity = capacity;
        heap = new Slot[capacity];
        places = new Dictionary<string, int>(StringComparer.Ordinal);
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>All that was added.</summary>
    public long Total { get; private set; }

    /// <summary>What a value that is not in the table has at most.</summary>
    public long Least => Count == Capacity ? heap[0].Count : 0;

    /// <summary>The most frequent first; of equals the first in ordinal order.</summary>
    public ImmutableArray<(string Key, long Count, long Error)> Items =>
    [
        .. heap.Take(Count).OrderByDescending(static slot => slot.Count).ThenBy(static slot => slot.Key, StringComparer.Ordinal).Select(static slot => (slot.Key, slot.Count, slot.Error)),
    ];

    public void Add(string key, long times = 1)
    {
        Total += times;
        if (places.TryGetValue(key, out var place))
        {
            heap[place].Count += times;
            Sink(place);
        }
        else if (Count < Capacity)
        {
            Insert(key, times, 0);
        }
        else
        {
            places.Remove(heap[0].Key);
            Put(0, new Slot(key, heap[0].Count + times, heap[0].Count));
            Sink(0);
        }
    }

    /// <summary>Of two tables: counts add up; what one does not hold may have occurred there as often as its least.</summary>
    public static SpaceSaving Merge(SpaceSaving a, SpaceSaving b)
    {
        var merged = new SpaceSaving(Math.Max(a.Capacity, b.Capacity));
        var all = a.places.Keys.Union(b.places.Keys, StringComparer.Ordinal)
            .Select(key => (Key: key, One: a.Find(key), Other: b.Find(key)))
            .Select(static both => new Slot(both.Key, both.One.Count + both.Other.Count, both.One.Error + both.Other.Error))
            .OrderByDescending(static slot => slot.Count).ThenBy(static slot => slot.Key, StringComparer.Ordinal);
        foreach (var slot in all.Take(merged.Capacity))
        {
            merged.Insert(slot.Key, slot.Count, slot.Error);
        }
        merged.Total = a.Total + b.Total;
        return merged;
    }

    public void Write(PackedWriter to)
    {
        to.Write((ulong)Capacity);
        to.Write((ulong)Count);
        to.Write((ulong)Total);
        foreach (var (key, count, error) in Items)
        {
            to.Write(key);
            to.Write((ulong)count);
            to.Write((ulong)error);
        }
    }

    /// <exception cref="InvalidDataException">It is no table.</exception>
    public static SpaceSaving Read(PackedReader from)
    {
        var table = new SpaceSaving(from.ReadCount(65_536));
        var count = from.ReadCount(table.Capacity);
        var total = from.ReadLong();
        for (var i = 0; i < count; i++)
        {
            var key = from.ReadText();
            if (table.places.ContainsKey(key))
            {
                throw PackedReader.Broken();
            }
            table.Insert(key, from.ReadLong(), from.ReadLong());
        }
        table.Total = total;
        return table;
    }

    private (long Count, long Error) Find(string key) => places.TryGetValue(key, out var place) ? (heap[place].Count, heap[place].Error) : (Least, Least);

    private void Insert(string key, long count, long error)
    {
        Put(Count++, new Slot(key, count, error));
        for (var place = Count - 1; place > 0 && heap[place].Count < heap[(place - 1) / 2].Count; place = (place - 1) / 2)
        {
            Swap(place, (place - 1) / 2);
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            var child = (2 * place) + 1;
            if (child + 1 < Count && heap[child + 1].Count < heap[child].Count)
            {
                child++;
            }
            if (child >= Count || heap[child].Count >= heap[place].Count)
            {
                return;
            }
            Swap(place, child);
            place = child;
        }
    }

    private void Swap(int a, int b)
    {
        var slot = heap[a];
        Put(a, heap[b]);
        Put(b, slot);
    }

    private void Put(int place, Slot slot)
    {
        heap[place] = slot;
        places[slot.Key] = place;
    }

    private record struct Slot(string Key, long Count, long Error);
}
