using System.Numerics;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Of finite values: how many, their mean, and sums of powers of differences from it. Parts merge by the formulas of Chan et al. (1979) and Pébay (2008). What leaves
/// the range of a double stays at its largest value, and then there is no third moment: never NaN, never infinite.
/// </summary>
public readonly record struct Moments(long Count, double Mean, double M2, double M3, double M4)
{
    /// <summary>With the divisor n.</summary>
    public double Variance => Count > 0 ? M2 / Count : 0;

    /// <summary>In two passes: the mean first, then the powers, with what rounding left of the mean taken out.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return default;
        }
        if (values.IndexOfAnyExcept(values[0]) < 0)
        {
            // A mean that is off by its last bit gives a constant a spread, of 1e300 one beyond a double: then the whole would not be what its parts are.
            return Of(values[0], values.Length);
        }
        var n = (double)values.Length;
        var mean = MeanOf(values);
        var (s1, s2, s3, s4) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var centre = new Vector<double>(mean);
        var at = 0;
        for (; at <= values.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            var d = new Vector<double>(values[at..]) - centre;
            var square = d * d;
            s1 += d;
            s2 += square;
            s3 += square * d;
            s4 += square * square;
        }
        var (p1, p2, p3, p4) = (Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3), Vector.Sum(s4));
        for (; at < values.Length; at++)
        {
            var d = values[at] - mean;
            p1 += d;
            p2 += d * d;
            p3 += d * d * d;
            p4 += d * d * d * d;
        }
        var shift = p1 / n;
        return double.IsFinite(shift)
            ? Bounded(
                values.Length,
                mean + shift,
                p2 - (n * shift * shift),
                p3 - (3 * shift * p2) + (2 * n * shift * shift * shift),
                p4 - (4 * shift * p3) + (6 * shift * shift * p2) - (3 * n * shift * shift * shift * shift))
            : Bounded(values.Length, mean, p2, p3, p4);
    }

    /// <summary>Of one value that occurs so often.</summary>
    public static Moments Of(double value, long count) => count == 0 ? default : new Moments(count, value, 0, 0, 0);

    /// <summary>Of all parts, whatever their order: they are added in an order of their own.</summary>
    public static Moments Merge(IEnumerable<Moments> parts)
    {
        var merged = default(Moments);
        foreach (var part in parts.Where(static part => part.Count > 0)
            .OrderBy(static part => part.Count).ThenBy(static part => part.Mean).ThenBy(static part => part.M2).ThenBy(static part => part.M3).ThenBy(static part => part.M4))
        {
            merged = Merge(merged, part);
        }
        return merged;
    }

    internal static Moments Merge(Moments a, Moments b)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == 0 ? b : a;
        }
        var (na, nb) = ((double)a.Count, (double)b.Count);
        var n = na + nb;
        var (shareA, shareB) = (na / n, nb / n);
        var d = b.Mean - a.Mean;
        var mean = double.IsFinite(d) ? a.Mean + (d * shareB) : (a.Mean * shareA) + (b.Mean * shareB);
        var square = d * d;
        return Bounded(
            a.Count + b.Count,
            mean,
            a.M2 + b.M2 + (square * na * shareB),
            a.M3 + b.M3 + (square * d * na * shareB * (shareA - shareB)) + (3 * d * ((shareA * b.M2) - (shareB * a.M2))),
            a.M4 == double.MaxValue || b.M4 == double.MaxValue ? double.MaxValue : a.M4 + b.M4 + (square * square * na * shareB * ((shareA * shareA) - (shareA * shareB) + (shareB * shareB)))
                + (6 * square * ((shareA * shareA * b.M2) + (shareB * shareB * a.M2))) + (4 * d * ((shareA * b.M3) - (shareB * a.M3))));
    }

    private static double MeanOf(ReadOnlySpan<double> values)
    {
        var sum = Vector<double>.Zero;
        var at = 0;
        for (; at <= values.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            sum += new Vector<double>(values[at..]);
        }
        var total = Vector.Sum(sum);
        for (; at < values.Length; at++)
        {
            total += values[at];
        }
        if (double.IsFinite(total))
        {
            return total / values.Length;
        }
        var mean = 0d;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }
        return Math.Clamp(mean, double.MinValue, double.MaxValue);
    }

    private static Moments Bounded(long count, double mean, double m2, double m3, double m4)
    {
        var fourth = Math.Max(0, Bounded(m4));
        return new Moments(count, Bounded(mean), Math.Max(0, Bounded(m2)), fourth == double.MaxValue || !double.IsFinite(m3) ? 0 : m3, fourth);
    }

    /// <summary>What is no number came from infinities of both signs: it is as large.</summary>
    private static double Bounded(double value) => double.IsNaN(value) ? double.MaxValue : Math.Clamp(value, double.MinValue, double.MaxValue);
}
