using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Counts finite values on given edges. The search has no branches, so its time does not depend on the values.</summary>
internal sealed class BinCounter
{
    private readonly ImmutableArray<double> edges;
    private readonly double[] padded;
    private readonly long[] counts;
    private readonly double last;
    private long onLast;

    public BinCounter(ImmutableArray<double> edges)
    {
        this.edges = edges;
        last = edges[^1];
        // One less than a power of two, so that each step halves what is left; no finite value reaches the padding.
        padded = new double[BitOperations.RoundUpToPowerOf2((uint)edges.Length + 1) - 1];
        Array.Fill(padded, double.PositiveInfinity);
        edges.CopyTo(padded);
        counts = new long[edges.Length + 1];
    }

    public void Add(ReadOnlySpan<double> values)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(padded);
        ref var count = ref MemoryMarshal.GetArrayDataReference(counts);
        var half = (padded.Length + 1) / 2;
        var top = 0L;
        var at = 0;
        // Four searches at once keep the processor busy while each waits for memory.
        for (; at <= values.Length - 4; at += 4)
        {
            var (a, b, c, d) = (values[at], values[at + 1], values[at + 2], values[at + 3]);
            nint i = 0, j = 0, k = 0, l = 0;
            for (nint step = half; step > 0; step >>= 1)
            {
                i += Unsafe.Add(ref first, i + step - 1) <= a ? step : 0;
                j += Unsafe.Add(ref first, j + step - 1) <= b ? step : 0;
                k += Unsafe.Add(ref first, k + step - 1) <= c ? step : 0;
                l += Unsafe.Add(ref first, l + step - 1) <= d ? step : 0;
            }
            Unsafe.Add(ref count, i)++;
            Unsafe.Add(ref count, j)++;
            Unsafe.Add(ref count, k)++;
            Unsafe.Add(ref count, l)++;
            top += (a == last ? 1 : 0) + (b == last ? 1 : 0) + (c == last ? 1 : 0) + (d == last ? 1 : 0);
        }
        for (; at < values.Length; at++)
        {
            Add(values[at], 1);
        }
        onLast += top;
    }

    public void Add(double value, long times)
    {
        nint at = 0;
        for (nint step = (padded.Length + 1) / 2; step > 0; step >>= 1)
        {
            at += padded[at + step - 1] <= value ? step : 0;
        }
        counts[at] += times;
        onLast += value == last ? times : 0;
    }

    /// <summary>What was counted so far. Place i of the counts holds the values that i edges do not exceed.</summary>
    public NumericBins ToBins()
    {
        var bins = counts[1..^1];
        bins[^1] += onLast;
        return new NumericBins(edges, ImmutableCollectionsMarshal.AsImmutableArray(bins), counts[0], counts[^1] - onLast);
    }
}
