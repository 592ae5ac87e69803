using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Hashes of values for counting distinct ones, the same on every machine, since their registers are stored: steps of eight bytes and the finalizer of MurmurHash3.</summary>
internal static class ValueHash
{
    private const ulong Step = 0x9E3779B97F4A7C15UL;

    public static ulong Of(double value) => Mix(BitConverter.DoubleToUInt64Bits(value) + Step);

    public static ulong Of(string text)
    {
        var hash = Step ^ (ulong)text.Length;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 0x100000001B3UL;
            hash ^= hash >> 29;
        }
        return Mix(hash);
    }

    /// <summary>A seed from numbers, for what must repeat itself.</summary>
    public static ulong Of(ReadOnlySpan<ulong> words)
    {
        var hash = Step;
        foreach (var word in words)
        {
            hash = Mix(hash ^ word) + Step;
        }
        return hash;
    }

    public static ulong Of(ReadOnlySpan<double> values) => Of(MemoryMarshal.Cast<double, ulong>(values));

    private static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 33)) * 0xFF51AFD7ED558CCDUL;
        word = (word ^ (word >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return word ^ (word >> 33);
    }
}
