using System.Buffers.Binary;

namespace ServerlessMeta.Previews;

/// <summary>Counts different values: exactly up to <see cref="ExactUpTo"/>, beyond that by <see cref="HyperLogLog"/>.</summary>
internal sealed class DistinctCounter
{
    public const int ExactUpTo = 512;

    private HashSet<ulong>? exact = [];
    private HyperLogLog? estimate;

    public bool IsExact => estimate is null;

    public long Count => estimate?.Estimate() ?? exact!.Count;

    public void Add(ReadOnlySpan<byte> value)
    {
        var hash = Hash(value);
        if (estimate is not null)
        {
            estimate.Add(hash);
        }
        else if (exact!.Add(hash) && exact.Count > ExactUpTo)
        {
            estimate = new HyperLogLog();
            foreach (var seen in exact)
            {
                estimate.Add(seen);
            }
            exact = null;
        }
    }

    /// <summary>Eight bytes at a time, each step and the end mixed by multiplications (the finalizer of MurmurHash3).</summary>
    private static ulong Hash(ReadOnlySpan<byte> value)
    {
        var hash = 0x9E3779B97F4A7C15UL ^ (ulong)value.Length;
        while (value.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value)) + 0x9E3779B97F4A7C15UL;
            value = value[8..];
        }
        ulong rest = 0;
        foreach (var part in value)
        {
            rest = (rest << 8) | part;
        }
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xFF51AFD7ED558CCDUL;
        word = (word ^ (word >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return word ^ (word >> 33);
    }
}
