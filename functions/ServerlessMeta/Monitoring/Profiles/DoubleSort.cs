using System.Numerics;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Sorts finite numbers: by the upper 32 bits of their range, 8 at a time (more would be more pages of memory than a processor remembers), which leaves few that are equal so far; these are sorted among themselves. Negative zero must not be among them.
/// </summary>
internal static class DoubleSort
{
    private const int DigitBits = 8;
    private const int Digits = 4;
    private const int Buckets = 1 << DigitBits;
    private const int FewUpTo = 4_096;

    /// <summary>Runs up to here are sorted by inserting.</summary>
    private const int ShortRun = 16;

    /// <param name="values">Sorted in place.</param>
    /// <param name="scratch">As long at least; what is in it is lost.</param>
    public static void Sort(Span<double> values, Span<double> scratch)
    {
        if (values.Length <= FewUpTo)
        {
            values.Sort();
            return;
        }
        var from = MemoryMarshal.Cast<double, ulong>(values);
        var to = MemoryMarshal.Cast<double, ulong>(scratch[..values.Length]);
        var (least, greatest) = (ulong.MaxValue, 0UL);
        foreach (ref var key in from)
        {
            key = Ordered(key);
            (least, greatest) = (Math.Min(least, key), Math.Max(greatest, key));
        }
        var shift = Math.Max(0, BitOperations.Log2((greatest - least) | 1) + 1 - (Digits * DigitBits));
        var counts = new int[Digits * Buckets];
        foreach (var key in from)
        {
            var upper = (key - least) >> shift;
            counts[(int)(upper & (Buckets - 1))]++;
            counts[Buckets + (int)((upper >> DigitBits) & (Buckets - 1))]++;
            counts[(2 * Buckets) + (int)((upper >> (2 * DigitBits)) & (Buckets - 1))]++;
            counts[(3 * Buckets) + (int)(upper >> (3 * DigitBits))]++;
        }
        for (var digit = 0; digit < Digits; digit++)
        {
            var starts = counts.AsSpan(digit * Buckets, Buckets);
            var (start, isNeeded) = (0, true);
            foreach (ref var count in starts)
            {
                // All have the same digit: nothing moves.
                isNeeded &= count < values.Length;
                (count, start) = (start, start + count);
            }
            if (!isNeeded)
            {
                continue;
            }
            var down = shift + (digit * DigitBits);
            foreach (var key in from)
            {
                to[starts[(int)((key - least) >> down) & (Buckets - 1)]++] = key;
            }
            var sorted = to;
            to = from;
            from = sorted;
        }
        if (shift > 0)
        {
            SortRuns(from, least, shift);
        }
        var result = MemoryMarshal.Cast<double, ulong>(values);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Original(from[i]);
        }
    }

    private static void SortRuns(Span<ulong> keys, ulong least, int shift)
    {
        for (var begin = 0; begin < keys.Length;)
        {
            var upper = (keys[begin] - least) >> shift;
            var end = begin + 1;
            while (end < keys.Length && (keys[end] - least) >> shift == upper)
            {
                end++;
            }
            if (end - begin > ShortRun)
            {
                keys[begin..end].Sort();
            }
            else if (end - begin > 1)
            {
                Insert(keys[begin..end]);
            }
            begin = end;
        }
    }

    private static void Insert(Span<ulong> keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var key = keys[i];
            var at = i;
            for (; at > 0 && keys[at - 1] > key; at--)
            {
                keys[at] = keys[at - 1];
            }
            keys[at] = key;
        }
    }

    /// <summary>Bits that order as the numbers do: of negative ones all are turned, of others the sign alone.</summary>
    private static ulong Ordered(ulong bits) => bits ^ ((ulong)((long)bits >> 63) | (1UL << 63));

    private static ulong Original(ulong key) => key ^ (~(ulong)((long)key >> 63) | (1UL << 63));
}
