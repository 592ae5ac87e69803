using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The one-sided Smirnov tail S = x sum over j from 0 to n(1-x) of C(n,j) (x+j/n)^(j-1) (1-x-j/n)^(n-j) (Birnbaum and Tingey 1951). Each term is a binomial probability with p = x + j/n, divided by p,
/// taken in Loader's form, which does not cancel for large n. The terms are a smooth bump over j that is flat at both ends, so that for many values a sum of every s-th term, times s, is as good.
/// </summary>
internal static class SmirnovTail
{
    /// <summary>About as many terms are summed, at most twice as many.</summary>
    private const int Terms = 128;

    private static readonly double HalfLog2Pi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>ln n! less Stirling's formula, for n below 16.</summary>
    private static readonly double[] SmallErrors =
        [.. Enumerable.Range(0, 16).Select(static n => n == 0 ? 0 : SpecialFunctions.GammaLn(n + 1.0) - ((n + 0.5) * Math.Log(n)) + n - HalfLog2Pi)];

    /// <summary>P(D+ &gt;= x) for <paramref name="n"/> values.</summary>
    public static double Sf(long n, double x) => Sum(n, x, Terms);

    internal static double Sum(long n, double x, int terms)
    {
        if (x <= 0)
        {
            return 1;
        }
        if (x >= 1)
        {
            return 0;
        }
        var last = (long)Math.Floor(n * (1 - x));
        var step = Math.Max(1, last / terms);
        var t = n * x;
        var (sum, whole) = (0.0, StirlingError(n));
        for (var j = 1 + (step / 2); j <= last; j += step)
        {
            var rest = n - j;
            if (rest - t <= 0)
            {
                break;
            }
            var exponent = whole - StirlingError(j) - StirlingError(rest) + (j * Log1P(t / j)) + (rest * Log1P(-t / rest));
            sum += Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * j * rest)) / (x + ((double)j / n));
        }
        // The term of j = 0 is x times (1-x)^n / x.
        return (x * sum * step) + Math.Exp(n * Log1P(-x));
    }

    private static double StirlingError(double n)
    {
        if (n < 16)
        {
            return SmallErrors[(int)n];
        }
        var square = n * n;
        return ((1.0 / 12) - (((1.0 / 360) - (((1.0 / 1260) - ((1.0 / 1680) / square)) / square)) / square)) / n;
    }

    /// <summary>ln(1+x) to the last digits, after Kahan; the runtime's own is the plain logarithm.</summary>
    private static double Log1P(double x)
    {
        var one = 1 + x;
        return one == 1 ? x : Math.Log(one) * x / (one - 1);
    }
}
