using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The distribution of the two-sided Kolmogorov statistic of n values, by the rules of Simard and L'Ecuyer (2011): each region has the formula that is precise there.
/// The limit law alone is 10 % off at n = 100.
/// </summary>
internal static class KolmogorovDistribution
{
    private const int SmallCount = 140;

    /// <summary>Simard and L'Ecuyer take the matrix up to 100,000; from here on Pelz and Good's series differs from it by less than 1e-12 where the rule would choose it, at a thousandth of the time.</summary>
    private const int LargeCount = 10_000;

    /// <summary>P(D &gt;= x) for <paramref name="n"/> values of a continuous distribution.</summary>
    public static double Sf(long n, double x)
    {
        var t = n * x;
        if (x >= 1)
        {
            return 0;
        }
        if (t <= 0.5)
        {
            return 1;
        }
        if (t <= 1)
        {
            return 1 - Math.Exp(SpecialFunctions.GammaLn(n + 1.0) + (n * Math.Log(((2 * t) - 1) / n)));
        }
        if (t >= n - 1)
        {
            return 2 * Math.Pow(1 - x, n);
        }
        var tail = t * x;
        if (n > SmallCount && tail >= 370)
        {
            return 0;
        }
        if (x >= 0.5 || (n <= SmallCount ? tail > 4 : tail >= 2.2))
        {
            return Math.Min(1, 2 * SmirnovTail.Sf(n, x));
        }
        return Math.Clamp(1 - (n <= SmallCount || (n <= LargeCount && n * Math.Pow(x, 1.5) <= 1.4) ? MarsagliaTsangWang.Cdf((int)n, x) : PelzGood.Cdf(n, x)), 0, 1);
    }

    /// <summary>The limit for many values, of z = D sqrt(n): 2 sum (-1)^(k-1) exp(-2 k^2 z^2), or its theta-function twin for small z. Not a p-value of a sample.</summary>
    public static double LimitSf(double z)
    {
        if (z <= 0)
        {
            return 1;
        }
        if (z < 1)
        {
            var below = 0.0;
            for (var k = 1; k <= 20; k++)
            {
                var odd = (2 * k) - 1;
                below += Math.Exp(-odd * odd * Math.PI * Math.PI / (8 * z * z));
            }
            return 1 - (Constants.Sqrt2Pi / z * below);
        }
        var above = 0.0;
        for (var k = 1; k <= 20; k++)
        {
            above += (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * z * z);
        }
        return Math.Clamp(2 * above, 0, 1);
    }
}
