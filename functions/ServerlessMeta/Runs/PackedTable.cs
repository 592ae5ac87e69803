using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>
/// Pairs of texts of a run (params, tags, inputs) in chunks, each a binary property, so that a change rewrites one chunk. Decoded when first asked for.
/// Not thread-safe: one writer owns it.
/// </summary>
internal sealed class PackedTable
{
    /// <summary>What a pair may measure, packed: a chunk stays under the 64 KiB of a property.</summary>
    public const int HighestBytes = 60 * 1024;

    // A chunk takes new pairs up to this.
    private const int TargetBytes = 28 * 1024;

    private readonly List<byte[]> packed;
    private readonly SortedSet<int> touched = [];
    private readonly SortedSet<int> stale = [];
    private List<List<Tag>>? chunks;
    private List<int>? sizes;
    private Dictionary<string, int>? places;

    public PackedTable(IEnumerable<byte[]> packed)
    {
        this.packed = [.. packed];
        Bytes = this.packed.Sum(static chunk => chunk.Length);
    }

    public int Bytes { get; private set; }

    public int ChunkCount => chunks?.Count ?? packed.Count;

    public IReadOnlySet<int> Touched => touched;

    /// <summary>Chunks that changed since <see cref="Refresh"/>.</summary>
    public IReadOnlySet<int> Stale => stale;

    public void Refresh() => stale.Clear();

    public string? Find(string key)
    {
        Unpack();
        return places!.TryGetValue(key, out var chunk) ? chunks![chunk].Find(field => field.Key == key).Value : null;
    }

    public int Count
    {
        get
        {
            Unpack();
            return places!.Count;
        }
    }

    public void Set(Tag field)
    {
        Unpack();
        var size = PackedFields.Measure(field);
        if (places!.TryGetValue(field.Key, out var chunk))
        {
            var at = chunks![chunk].FindIndex(old => old.Key == field.Key);
            var change = size - PackedFields.Measure(chunks[chunk][at]);
            if (sizes![chunk] + change <= HighestBytes)
            {
                chunks[chunk][at] = field;
                Grow(chunk, change);
                return;
            }
            Remove(field.Key);
        }
        if (chunks!.Count == 0 || sizes![^1] + size > TargetBytes)
        {
            chunks.Add([]);
            sizes!.Add(0);
        }
        chunks[^1].Add(field);
        places[field.Key] = chunks.Count - 1;
        Grow(chunks.Count - 1, size);
    }

    public bool Remove(string key)
    {
        Unpack();
        if (!places!.Remove(key, out var chunk))
        {
            return false;
        }
        var at = chunks![chunk].FindIndex(field => field.Key == key);
        var size = PackedFields.Measure(chunks[chunk][at]);
        chunks[chunk].RemoveAt(at);
        Grow(chunk, -size);
        return true;
    }

    public byte[] Chunk(int number) => chunks is not null && touched.Contains(number) ? PackedFields.Encode(chunks[number]) : packed[number];

    public void Settle()
    {
        foreach (var chunk in touched)
        {
            var bytes = PackedFields.Encode(chunks![chunk]);
            if (chunk < packed.Count)
            {
                packed[chunk] = bytes;
            }
            else
            {
                packed.Add(bytes);
            }
        }
        touched.Clear();
    }

    private void Grow(int chunk, int bytes)
    {
        sizes![chunk] += bytes;
        Bytes += bytes;
        touched.Add(chunk);
        stale.Add(chunk);
    }

    private void Unpack()
    {
        if (chunks is not null)
        {
            return;
        }
        chunks = [];
        sizes = [];
        places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var bytes in packed)
        {
            var fields = new List<Tag>();
            PackedFields.Decode(bytes, fields);
            foreach (var field in fields)
            {
                places[field.Key] = chunks.Count;
            }
            chunks.Add(fields);
            sizes.Add(bytes.Length);
        }
    }
}
