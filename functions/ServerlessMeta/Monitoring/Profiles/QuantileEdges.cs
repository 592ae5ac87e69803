using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Edges of bins that hold about as many values each: the unique quantiles of a sample (type 7, linear), from its least to its greatest value. A quantile that repeats is a value that fills
/// bins alone (such as a zero that most rows have): the next double after it is an edge too, so that its bin holds nothing else.
/// </summary>
internal static class QuantileEdges
{
    public static ImmutableArray<double> Of(ReadOnlySpan<double> sorted, int bins)
    {
        var quantiles = new double[bins + 1];
        for (var i = 0; i <= bins; i++)
        {
            quantiles[i] = Quantile(sorted, i, bins);
        }
        return OfQuantiles(quantiles);
    }

    /// <param name="quantiles">Ascending, finite; the first is the least value, the last the greatest.</param>
    public static ImmutableArray<double> OfQuantiles(ReadOnlySpan<double> quantiles)
    {
        if (quantiles[0] == quantiles[^1])
        {
            return [quantiles[0], quantiles[0]];
        }
        var edges = new List<double>(quantiles.Length + 1) { quantiles[0] };
        for (var i = 1; i < quantiles.Length; i++)
        {
            // Rounding must not put a quantile beside its neighbours.
            if (quantiles[i] > edges[^1])
            {
                edges.Add(quantiles[i]);
            }
            else if (quantiles[i] == quantiles[i - 1] && quantiles[i] == edges[^1])
            {
                AddNext(edges);
            }
        }
        // The last bin is closed: it would hold the next double too.
        if (edges[^1] > quantiles[^1])
        {
            AddNext(edges);
        }
        return [.. edges];
    }

    private static void AddNext(List<double> edges)
    {
        if (edges.Count <= NumericBins.Most && Math.BitIncrement(edges[^1]) is var next && double.IsFinite(next))
        {
            edges.Add(next);
        }
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
