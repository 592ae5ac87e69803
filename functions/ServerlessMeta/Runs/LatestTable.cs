using System.Buffers.Binary;
using System.Text;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>
/// The latest point of each metric of a run, in the order in which the metrics came: the place is the metric's ordinal. In chunks of about 8 KiB, each a binary
/// property: varint length and UTF-8 bytes of the key, then step, timestamp and value of eight bytes each. One writer owns it.
/// </summary>
internal sealed class LatestTable
{
    /// <summary>The tested limit.</summary>
    public const int MaxKeys = 20_000;

    private const int TargetBytes = 8 * 1024;
    private const int PointBytes = 24;

    private readonly List<string> keys = [];
    private readonly List<StoredPoint> points = [];
    private readonly List<int> starts = [];
    private readonly Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
    private readonly SortedSet<int> touched = [];
    private int lastChunkBytes;

    public LatestTable(IEnumerable<byte[]> packed)
    {
        foreach (var chunk in packed)
        {
            starts.Add(keys.Count);
            lastChunkBytes = chunk.Length;
            Bytes += chunk.Length;
            foreach (var (key, point) in Decode(chunk))
            {
                ordinals.Add(key, keys.Count);
                keys.Add(key);
                points.Add(point);
            }
        }
    }

    public int Bytes { get; private set; }

    public int Count => keys.Count;

    public int ChunkCount => starts.Count;

    public IReadOnlySet<int> Touched => touched;

    public bool Has(string key) => ordinals.ContainsKey(key);

    public string KeyOf(int ordinal) => keys[ordinal];

    /// <summary>The metric's ordinal; -1 when there is no such metric.</summary>
    public int OrdinalOf(string key) => ordinals.TryGetValue(key, out var ordinal) ? ordinal : -1;

    /// <summary>Takes a point in: the metric's ordinal, new if need be, and the latest point if this is it.</summary>
    public int Take(string key, StoredPoint point)
    {
        if (ordinals.TryGetValue(key, out var ordinal))
        {
            if (point.Supersedes(points[ordinal]))
            {
                points[ordinal] = point;
                touched.Add(ChunkOf(ordinal));
            }
            return ordinal;
        }
        var size = SizeOf(key);
        if (starts.Count == 0 || lastChunkBytes + size > TargetBytes)
        {
            starts.Add(keys.Count);
            lastChunkBytes = 0;
        }
        ordinal = keys.Count;
        ordinals.Add(key, ordinal);
        keys.Add(key);
        points.Add(point);
        lastChunkBytes += size;
        Bytes += size;
        touched.Add(starts.Count - 1);
        return ordinal;
    }

    public byte[] Chunk(int number)
    {
        var from = starts[number];
        var below = number + 1 < starts.Count ? starts[number + 1] : keys.Count;
        var size = 0;
        for (var i = from; i < below; i++)
        {
            size += SizeOf(keys[i]);
        }
        var packed = new byte[size];
        var rest = packed.AsSpan();
        for (var i = from; i < below; i++)
        {
            var length = Encoding.UTF8.GetByteCount(keys[i]);
            rest = rest[Varint.Write(rest, (ulong)length)..];
            rest = rest[Encoding.UTF8.GetBytes(keys[i], rest)..];
            BinaryPrimitives.WriteInt64LittleEndian(rest, points[i].Step);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], points[i].Timestamp);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[16..], points[i].Value);
            rest = rest[PointBytes..];
        }
        return packed;
    }

    public void Settle() => touched.Clear();

    public static List<(string Key, StoredPoint Point)> Decode(ReadOnlySpan<byte> chunk)
    {
        var found = new List<(string, StoredPoint)>();
        while (!chunk.IsEmpty)
        {
            var key = TakeKey(ref chunk);
            found.Add((Encoding.UTF8.GetString(key), TakePoint(ref chunk)));
        }
        return found;
    }

    /// <summary>The place of a metric in a chunk and its latest point, without decoding the others; -1 when absent, with the number of metrics passed.</summary>
    public static int Find(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> key, out StoredPoint point, out int passed)
    {
        for (passed = 0; !chunk.IsEmpty; passed++)
        {
            var found = TakeKey(ref chunk).SequenceEqual(key);
            if (found)
            {
                point = TakePoint(ref chunk);
                return passed;
            }
            chunk = chunk[PointBytes..];
        }
        point = default;
        return -1;
    }

    /// <summary>The next metric where it lies; false at the end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> key, out StoredPoint point)
    {
        if (chunk.IsEmpty)
        {
            key = default;
            point = default;
            return false;
        }
        key = TakeKey(ref chunk);
        point = TakePoint(ref chunk);
        return true;
    }

    private static ReadOnlySpan<byte> TakeKey(ref ReadOnlySpan<byte> chunk)
    {
        var length = (int)Varint.Read(ref chunk);
        var key = chunk[..length];
        chunk = chunk[length..];
        return key;
    }

    private static StoredPoint TakePoint(ref ReadOnlySpan<byte> chunk)
    {
        var point = new StoredPoint(
            BinaryPrimitives.ReadInt64LittleEndian(chunk[8..]), BinaryPrimitives.ReadInt64LittleEndian(chunk), BinaryPrimitives.ReadDoubleLittleEndian(chunk[16..]));
        chunk = chunk[PointBytes..];
        return point;
    }

    private static int SizeOf(string key)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        return Varint.Size((ulong)length) + length + PointBytes;
    }

    private int ChunkOf(int ordinal)
    {
        var place = starts.BinarySearch(ordinal);
        return place >= 0 ? place : ~place - 1;
    }
}
