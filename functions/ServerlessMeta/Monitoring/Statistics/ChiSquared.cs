using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The chi-squared distribution by the regularised incomplete gamma functions P and Q of (dof/2, x/2): the power series of P below the mean, the continued fraction of Q above it
/// (Abramowitz and Stegun 6.5.29 and 6.5.31), so that tails keep their relative precision down to the smallest double.
/// </summary>
internal static class ChiSquared
{
    private const double Epsilon = 1e-16;
    private const double Tiny = 1e-300;
    private const int MaxTerms = 100_000;

    /// <summary>P(X &gt; x).</summary>
    public static double Sf(double x, double dof)
    {
        if (x <= 0)
        {
            return 1;
        }
        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }
        var (a, y) = (dof / 2, x / 2);
        return y < a + 1 ? 1 - LowerSeries(a, y) : UpperFraction(a, y);
    }

    /// <summary>The x with P(X &lt;= x) = p, by Newton's steps from the cube-root approximation of Wilson and Hilferty.</summary>
    public static double Quantile(double p, double dof)
    {
        var z = -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 1 - p);
        var spread = 2 / (9 * dof);
        var cube = 1 - spread + (z * Math.Sqrt(spread));
        var x = dof * Math.Max(cube * cube * cube, 1e-6);
        for (var step = 0; step < 50; step++)
        {
            var density = Math.Exp((((dof / 2) - 1) * Math.Log(x / 2)) - (x / 2) - SpecialFunctions.GammaLn(dof / 2)) / 2;
            var next = Math.Max(x + ((Sf(x, dof) - (1 - p)) / density), x / 4);
            if (Math.Abs(next - x) <= 1e-13 * x)
            {
                return next;
            }
            x = next;
        }
        return x;
    }

    private static double LowerSeries(double a, double y)
    {
        var (sum, term) = (1 / a, 1 / a);
        for (var n = 1; n < MaxTerms && term > sum * Epsilon; n++)
        {
            term *= y / (a + n);
            sum += term;
        }
        return Math.Min(1, sum * Front(a, y));
    }

    /// <summary>Lentz's evaluation of y + 1 - a - 1(1-a)/(y + 3 - a - ...).</summary>
    private static double UpperFraction(double a, double y)
    {
        var b = y + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var fraction = d;
        for (var n = 1; n < MaxTerms; n++)
        {
            var an = -n * (n - a);
            b += 2;
            d = (an * d) + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + (an / c);
            c = Math.Abs(c) < Tiny ? Tiny : c;
            var change = d * c;
            fraction *= change;
            if (Math.Abs(change - 1) < Epsilon * 4)
            {
                break;
            }
        }
        return Math.Clamp(fraction * Front(a, y), 0, 1);
    }

    private static double Front(double a, double y) => Math.Exp((a * Math.Log(y)) - y - SpecialFunctions.GammaLn(a));
}
