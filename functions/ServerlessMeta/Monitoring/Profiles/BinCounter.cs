using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Counts finite values on given edges, in two steps without a branch: how many of the last edges of each group a value reaches, then how many edges of its group. A step compares
/// four edges at a time; so the time does not depend on the values, and 64 bins take some 2 ns a value.
/// </summary>
internal sealed class BinCounter
{
    private const int Lanes = 4;

    private readonly ImmutableArray<double> edges;
    private readonly double[] heads, padded;
    private readonly long[] counts;
    private readonly int group;
    private readonly double last;
    private long onLast;

    public BinCounter(ImmutableArray<double> edges)
    {
        this.edges = edges;
        last = edges[^1];
        group = Lanes;
        while (group * (group + 1) < edges.Length)
        {
            group *= 2;
        }
        // No finite value reaches the padding.
        padded = new double[group * (group + 1)];
        Array.Fill(padded, double.PositiveInfinity);
        edges.CopyTo(padded);
        heads = [.. Enumerable.Range(1, group).Select(at => padded[at * group])];
        counts = new long[padded.Length + 1];
    }

    public void Add(ReadOnlySpan<double> values)
    {
        ref var count = ref MemoryMarshal.GetArrayDataReference(counts);
        ref var head = ref MemoryMarshal.GetArrayDataReference(heads);
        ref var edge = ref MemoryMarshal.GetArrayDataReference(padded);
        var size = group;
        var top = 0L;
        foreach (var value in values)
        {
            var all = Vector256.Create(value);
            var place = 0;
            for (var at = 0; at < size; at += Lanes)
            {
                place += Reached(ref head, at, all);
            }
            place *= size;
            var begin = place;
            for (var at = 0; at < size; at += Lanes)
            {
                place += Reached(ref edge, begin + at, all);
            }
            Unsafe.Add(ref count, place)++;
            top += Unsafe.BitCast<bool, byte>(value == last);
        }
        onLast += top;
    }

    public void Add(double value, long times)
    {
        var place = 0;
        while (place < edges.Length && edges[place] <= value)
        {
            place++;
        }
        counts[place] += times;
        onLast += value == last ? times : 0;
    }

    /// <summary>What was counted so far. Place i of the counts holds the values that reach i edges.</summary>
    public NumericBins ToBins()
    {
        var bins = counts[1..edges.Length];
        bins[^1] += onLast;
        return new NumericBins(edges, ImmutableCollectionsMarshal.AsImmutableArray(bins), counts[0], counts[edges.Length] - onLast);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Reached(ref double from, int at, Vector256<double> value) =>
        BitOperations.PopCount(Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref from, (nuint)at), value).ExtractMostSignificantBits());
}
