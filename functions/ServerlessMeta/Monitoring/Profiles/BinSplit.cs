using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Puts counts of ranges on other edges, as if the values of a range were spread evenly over it. What is below each edge is added up and rounded once, so that the counts stay
/// whole numbers, and all of them together what they were.
/// </summary>
internal static class BinSplit
{
    /// <summary>The width, as a part of its greater end, up to which a range is narrow: a bucket of a sketch of 2 % accuracy is.</summary>
    private const double Narrow = 0.04;

    /// <summary>Bins as ranges; what lies outside the edges reaches to the least and the greatest value.</summary>
    public static IEnumerable<(double Low, double High, long Times)> Pieces(NumericBins bins, double? min, double? max)
    {
        if (bins.Below > 0)
        {
            yield return (Math.Min(min ?? double.MinValue, Math.BitDecrement(bins.Edges[0])), Math.BitDecrement(bins.Edges[0]), bins.Below);
        }
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            if (bins.Counts[i] > 0)
            {
                // A bin up to the next double holds one value alone; only the last one holds its end.
                var end = i < bins.Counts.Length - 1 && Math.BitIncrement(bins.Edges[i]) == bins.Edges[i + 1] ? bins.Edges[i] : bins.Edges[i + 1];
                yield return (Math.Max(bins.Edges[i], min ?? bins.Edges[i]), Math.Min(end, max ?? end), bins.Counts[i]);
            }
        }
        if (bins.Above > 0)
        {
            yield return (Math.BitIncrement(bins.Edges[^1]), Math.Max(max ?? double.MaxValue, Math.BitIncrement(bins.Edges[^1])), bins.Above);
        }
    }

    /// <summary>Whether an edge cuts a range is said too: where none does, the counts are exact.</summary>
    public static (NumericBins Bins, bool IsExact) Split(IEnumerable<(double Low, double High, long Times)> pieces, ImmutableArray<double> edges)
    {
        var isExact = true;
        // Whole counts below each edge, and what is shared by ranges that an edge cuts.
        var whole = new long[edges.Length];
        var parts = new double[edges.Length];
        long total = 0;
        foreach (var (from, to, times) in pieces)
        {
            var point = PointIn(from, to, edges);
            var (low, high) = point is { } value ? (value, value) : (from, to);
            isExact &= point is null;
            total += times;
            for (var i = 0; i < edges.Length; i++)
            {
                var edge = edges[i];
                // The last edge belongs to its bin; so does what ends on it.
                if ((high < edge || Near(high, edge)) && (i == edges.Length - 1 || low < high || high < edge))
                {
                    whole[i] += times;
                }
                else if (low < edge && high > edge && !Near(low, edge))
                {
                    parts[i] += times * Share(low, high, edge);
                    isExact = false;
                }
            }
        }
        var below = new long[edges.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            below[i] = Math.Clamp(whole[i] + (long)Math.Round(parts[i]), i == 0 ? 0 : below[i - 1], total);
        }
        var counts = new long[edges.Length - 1];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = below[i + 1] - below[i];
        }
        return (new NumericBins(edges, ImmutableCollectionsMarshal.AsImmutableArray(counts), below[0], total - below[^1]), isExact);
    }

    /// <summary>
    /// The value that a bin holds alone, if a narrow range holds it too: what is spread there evenly would miss that bin, which is one because the value is frequent.
    /// Of its ends a range holds the one that is further from zero, as buckets of a sketch do.
    /// </summary>
    private static double? PointIn(double low, double high, ImmutableArray<double> edges)
    {
        if (low >= high || (high / 2) - (low / 2) > Narrow / 2 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            return null;
        }
        for (var i = 0; i < edges.Length - 2; i++)
        {
            var edge = edges[i];
            if (Math.BitIncrement(edge) == edges[i + 1] && (edge > low || (edge == low && low < 0)) && (edge < high || (edge == high && high > 0)))
            {
                return edge;
            }
        }
        return null;
    }

    /// <summary>Bounds of buckets are computed by logarithms, whose last bit machines differ in.</summary>
    private static bool Near(double bound, double edge) => Math.Abs((bound / 2) - (edge / 2)) <= 1e-13 * Math.Abs(edge);

    /// <summary>Which share of a range is below an edge in it; in halves, for the whole range may exceed a double.</summary>
    private static double Share(double low, double high, double edge) => ((edge / 2) - (low / 2)) / ((high / 2) - (low / 2));
}
