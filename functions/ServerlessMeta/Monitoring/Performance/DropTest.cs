using MathNet.Numerics;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Tests of whether a metric has become worse, and intervals of shares.</summary>
internal static class DropTest
{
    /// <summary>The normal quantile of 97.5 %.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>Fewer than these are to be expected in a cell: the normal distribution does not hold.</summary>
    private const double FewExpected = 5;

    /// <summary>Two shares, pooled; the tail is that of a drop from the reference.</summary>
    /// <returns>z is positive for a drop, and 0 when both are all or nothing.</returns>
    public static (double Z, double P) TwoShares(Share reference, Share current)
    {
        var z = ShareTest.Compare(reference.Hits, reference.Count, current.Hits, current.Count).Statistic;
        return (z, Normal.Sf(z));
    }

    /// <summary>Whether hits or misses are too few for <see cref="TwoShares"/>.</summary>
    public static bool IsSmall(Share reference, Share current)
    {
        var hits = reference.Hits + current.Hits;
        var all = reference.Count + current.Count;
        return Math.Min(reference.Count, current.Count) * (double)Math.Min(hits, all - hits) / all < FewExpected;
    }

    /// <summary>Fisher's exact test of a drop from the reference; two-sided, and so the careful side. 1 when it is none.</summary>
    public static double Fisher(Share reference, Share current) =>
        reference.Value <= current.Value ? 1 : FisherExact.Compare(reference.Count - reference.Hits, reference.Hits, current.Count - current.Hits, current.Hits).P;

    /// <summary>The interval of a share (Wilson 1927), 95 %.</summary>
    public static (double Low, double High) Wilson(Share share)
    {
        var n = (double)share.Count;
        var centre = (share.Value + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var half = Z / (1 + Z * Z / n) * Math.Sqrt(share.Value * (1 - share.Value) / n + Z * Z / (4 * n * n));
        return (share.Hits == 0 ? 0 : Math.Max(0, centre - half), share.Hits == share.Count ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>The interval of the difference of two shares (Newcombe 1998), 95 %.</summary>
    public static (double Low, double High) Newcombe(Share one, Share other)
    {
        var ((oneLow, oneHigh), (otherLow, otherHigh)) = (Wilson(one), Wilson(other));
        var difference = one.Value - other.Value;
        return (
            difference - Math.Sqrt(Square(one.Value - oneLow) + Square(otherHigh - other.Value)),
            difference + Math.Sqrt(Square(oneHigh - one.Value) + Square(other.Value - otherLow)));
    }

    /// <summary>McNemar's test of two models on the same rows, exact and two-sided, and by chi-square with correction. Only a reference case asks for it so far: what is watched is one model.</summary>
    /// <param name="onlyFirst">Rows that only the first has right.</param>
    /// <param name="onlySecond">Rows that only the second has right.</param>
    public static (double Exact, double ChiSquare) McNemar(long onlyFirst, long onlySecond)
    {
        var (n, few) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        if (n == 0)
        {
            return (1, 1);
        }
        // P(X <= few) of n fair throws is a regularised beta function.
        var tail = few == n ? 1 : SpecialFunctions.BetaRegularized(n - few, few + 1.0, 0.5);
        var statistic = Square(Math.Max(0, Math.Abs(onlyFirst - onlySecond) - 1.0)) / n;
        return (Math.Min(1, 2 * tail), Normal.TwoSided(Math.Sqrt(statistic)));
    }

    /// <summary>Welch's t-test of means; the tail is that of a rise from the reference. Null where there is no spread to judge by.</summary>
    public static (double T, double P)? Welch(Spread reference, Spread current)
    {
        if (reference.Mean is not { } one || current.Mean is not { } other || reference.Variance is not { } oneVariance || current.Variance is not { } otherVariance)
        {
            return null;
        }
        if (StudentTest.Welch(reference.Count, one, oneVariance, current.Count, other, otherVariance) is not { } test || double.IsNaN(test.Statistic))
        {
            return null;
        }
        return (-test.Statistic, test.Statistic < 0 ? test.P / 2 : 1 - test.P / 2);
    }

    private static double Square(double x) => x * x;
}
