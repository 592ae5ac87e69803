using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The two-sample test of Anderson and Darling with midranks (Scholz and Stephens 1987, equation 7), standardised. Its p-value is read from a quadratic fit of ln(level) over the seven tabled
/// critical values, and is known between 0.001 and 0.25 only: 0.001 says "at most", 0.25 "at least". Needs two values a side, and two that differ.
/// </summary>
internal static class AndersonDarling
{
    public const double LeastP = 0.001;
    public const double MostP = 0.25;

    private static readonly double[] Levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];

    internal static readonly double[] CriticalValues = [0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546];

    private static readonly double[] LogLevelFit = Fit.Polynomial(CriticalValues, [.. Levels.Select(static level => Math.Log(level))], 2);

    /// <summary>Null where it is not defined: fewer than two values a side, or a single value throughout.</summary>
    public static Significance? Compare(PooledSamples samples)
    {
        var (n, m) = (samples.ReferenceTotal, samples.CurrentTotal);
        if (n < 2 || m < 2 || samples.Values.Length < 2)
        {
            return null;
        }
        var all = n + m;
        var (below, belowA, belowB, sumA, sumB) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var at = 0; at < samples.Values.Length; at++)
        {
            var (a, b) = (samples.Reference[at], samples.Current[at]);
            var tied = a + b;
            var rank = below + (tied / 2);
            var weight = tied / all / ((rank * (all - rank)) - (all * tied / 4));
            sumA += weight * Square((all * (belowA + (a / 2))) - (rank * n));
            sumB += weight * Square((all * (belowB + (b / 2))) - (rank * m));
            (below, belowA, belowB) = (below + tied, belowA + a, belowB + b);
        }
        var statistic = (((all - 1) / all * ((sumA / n) + (sumB / m))) - 1) / Math.Sqrt(Variance(n, m));
        var logLevel = LogLevelFit[0] + (LogLevelFit[1] * statistic) + (LogLevelFit[2] * statistic * statistic);
        var p = statistic < CriticalValues[0] ? MostP
            : statistic > CriticalValues[^1] ? LeastP
            : Math.Clamp(Math.Exp(logLevel), LeastP, MostP);
        return new(statistic, p);
    }

    /// <summary>Of the statistic, for two samples (Scholz and Stephens, equation 4).</summary>
    private static double Variance(double n, double m)
    {
        const double K = 2;
        var all = n + m;
        var inverse = (1 / n) + (1 / m);
        // h = sum of 1/i; g = sum over pairs of 1/((N-i) j).
        var (partial, g) = (0.0, 0.0);
        for (var i = 2.0; i <= all - 1; i++)
        {
            partial += 1 / (all + 1 - i);
            g += partial / i;
        }
        var h = partial + 1;
        var a = (((4 * g) - 6) * (K - 1)) + ((10 - (6 * g)) * inverse);
        var b = (((2 * g) - 4) * K * K) + (8 * h * K) + (((2 * g) - (14 * h) - 4) * inverse) - (8 * h) + (4 * g) - 6;
        var c = (((6 * h) + (2 * g) - 2) * K * K) + (((4 * h) - (4 * g) + 6) * K) + (((2 * h) - 6) * inverse) + (4 * h);
        var d = (((2 * h) + 6) * K * K) - (4 * h * K);
        return ((((((a * all) + b) * all) + c) * all) + d) / ((all - 1) * (all - 2) * (all - 3));
    }

    private static double Square(double value) => value * value;
}
