using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Fisher's exact test of a 2x2 table, two-sided: the probability of all tables with the same margins that are no more likely than the one at hand. The statistic is the odds ratio.</summary>
internal static class FisherExact
{
    /// <summary>Tables as likely as this one up to rounding count as no more likely.</summary>
    private const double Relative = 1 + 1e-7;

    public static Significance Compare(long a, long b, long c, long d)
    {
        var (row, column, all) = (a + b, a + c, a + b + c + d);
        var (least, most) = (Math.Max(0, row + column - all), Math.Min(row, column));
        var odds = (double)a * d / ((double)b * c);
        if (least == most)
        {
            return new(double.NaN, 1);
        }
        var fixedPart = Ln(row) + Ln(all - row) + Ln(column) + Ln(all - column) - Ln(all);
        double Probability(long x) => Math.Exp(fixedPart - Ln(x) - Ln(row - x) - Ln(column - x) - Ln(all - row - column + x));
        var observed = Probability(a) * Relative;
        var p = 0.0;
        for (var x = least; x <= most; x++)
        {
            var probability = Probability(x);
            p += probability <= observed ? probability : 0;
        }
        return new(odds, Math.Min(1, p));
    }

    private static double Ln(double n) => SpecialFunctions.GammaLn(n + 1);
}
