using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Edges of bins that hold about as many values each: the unique quantiles of a sample (type 7, linear), from its least to its greatest value.</summary>
internal static class QuantileEdges
{
    public static ImmutableArray<double> Of(ReadOnlySpan<double> sorted, int bins)
    {
        var edges = new List<double>(bins + 1);
        for (var i = 0; i <= bins; i++)
        {
            var edge = Quantile(sorted, i, bins);
            // Rounding must not put a quantile beside its neighbours.
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }
        return edges.Count == 1 ? [edges[0], edges[0]] : [.. edges];
    }

    /// <summary>Counts of sorted values on edges.</summary>
    public static NumericBins Count(ReadOnlySpan<double> sorted, ImmutableArray<double> edges)
    {
        var counts = new long[edges.Length - 1];
        var below = LowerBound(sorted, edges[0]);
        var start = below;
        for (var i = 0; i < counts.Length - 1; i++)
        {
            var end = LowerBound(sorted, edges[i + 1]);
            counts[i] = end - start;
            start = end;
        }
        var top = UpperBound(sorted, edges[^1]);
        counts[^1] = top - start;
        return new NumericBins(edges, ImmutableCollectionsMarshal.AsImmutableArray(counts), below, sorted.Length - top);
    }

    /// <summary>The quantile i/of: at the place (n-1) i/of, between neighbours in proportion.</summary>
    private static double Quantile(ReadOnlySpan<double> sorted, int i, int of)
    {
        var (place, rest) = Math.DivRem((sorted.Length - 1L) * i, of);
        var low = sorted[(int)place];
        if (rest == 0)
        {
            return low;
        }
        var high = sorted[(int)place + 1];
        var part = (double)rest / of;
        var step = high - low;
        return Math.Clamp(double.IsFinite(step) ? low + (part * step) : (low * (1 - part)) + (high * part), low, high);
    }

    private static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            (low, high) = sorted[middle] <= value ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
