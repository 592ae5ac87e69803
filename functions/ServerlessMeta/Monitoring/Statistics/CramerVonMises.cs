using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The two-sample test of Cramer and von Mises from rank sums (Anderson 1962). The p-value is exact by counting while no side has more than twenty values, else from the series of Csorgo and Faraway (1996).
/// Needs two values a side.
/// </summary>
internal static class CramerVonMises
{
    private const int MaxExact = 20;

    /// <summary>Null with fewer than two values a side.</summary>
    public static Significance? Compare(PooledSamples samples)
    {
        var (n, m) = (samples.ReferenceTotal, samples.CurrentTotal);
        if (n < 2 || m < 2)
        {
            return null;
        }
        var t = Statistic(samples);
        return new(t, Math.Max(n, m) <= MaxExact ? ExactP((int)n, (int)m, t) : AsymptoticP(n, m, t));
    }

    internal static double AsymptoticP(double n, double m, double t)
    {
        var all = n + m;
        var mean = (1 + (1 / all)) / 6;
        var variance = (all + 1) * ((4 * n * m * all) - (3 * ((n * n) + (m * m))) - (2 * n * m)) / (45 * all * all * 4 * n * m);
        var standard = (1.0 / 6) + ((t - mean) / Math.Sqrt(45 * variance));
        return standard < 0.003 ? 1 : Math.Clamp(1 - LimitCdf(standard), 0, 1);
    }

    private static double Statistic(PooledSamples samples)
    {
        var (n, m) = (samples.ReferenceTotal, samples.CurrentTotal);
        var (i, j, sumA, sumB) = (0.0, 0.0, 0.0, 0.0);
        for (var at = 0; at < samples.Values.Length; at++)
        {
            var (a, b) = (samples.Reference[at], samples.Current[at]);
            var rank = i + j + ((a + b + 1) / 2);
            sumA += SquaresAround(rank, i, a);
            sumB += SquaresAround(rank, j, b);
            (i, j) = (i + a, j + b);
        }
        return (((n * sumA) + (m * sumB)) / (n * m * (n + m))) - (((4 * n * m) - 1) / (6 * (n + m)));
    }

    /// <summary>Sum of (rank - k)^2 over k from before+1 to before+count.</summary>
    private static double SquaresAround(double rank, double before, double count)
    {
        var middle = rank - before - ((count + 1) / 2);
        return count * ((middle * middle) + (((count * count) - 1) / 12));
    }

    /// <summary>
    /// P(T &gt;= t) over all orders without ties. n m N^2 T / (n m)^2 is a sum of squares (i m - j n)^2 along a path of counts (i,j); paths that reach the sum early are counted at once.
    /// </summary>
    private static double ExactP(int n, int m, double t)
    {
        var gcd = (int)Euclid.GreatestCommonDivisor(n, m);
        var (perI, perJ) = ((long)(m / gcd), (long)(n / gcd));
        var needed = (long)Math.Floor((t * n * m * (n + m) * (n + m) / ((double)gcd * gcd)) + 1e-6);
        var hit = new double[m + 1];
        var open = new Dictionary<long, double>[m + 1];
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                var step = (i * perI) - (j * perJ);
                var square = step * step;
                var next = new Dictionary<long, double>();
                var reached = 0.0;
                if (i == 0 && j == 0)
                {
                    next[0] = needed > 0 ? 1 : 0;
                    reached = needed > 0 ? 0 : 1;
                }
                if (i > 0)
                {
                    reached += Advance(open[j], square, needed, (double)i / (i + j), next) + (hit[j] * i / (i + j));
                }
                if (j > 0)
                {
                    reached += Advance(open[j - 1], square, needed, (double)j / (i + j), next) + (hit[j - 1] * j / (i + j));
                }
                (open[j], hit[j]) = (next, reached);
            }
        }
        return Math.Clamp(hit[m], 0, 1);
    }

    private static double Advance(Dictionary<long, double> from, long square, long needed, double share, Dictionary<long, double> to)
    {
        var reached = 0.0;
        foreach (var (sum, mass) in from)
        {
            if (sum + square >= needed)
            {
                reached += mass * share;
            }
            else
            {
                to[sum + square] = to.GetValueOrDefault(sum + square) + (mass * share);
            }
        }
        return reached;
    }

    private static double LimitCdf(double x)
    {
        var sum = 0.0;
        for (var k = 0; k < 1000; k++)
        {
            var y = (4.0 * k) + 1;
            var q = y * y / (16 * x);
            var factor = Math.Exp(SpecialFunctions.GammaLn(k + 0.5) - SpecialFunctions.GammaLn(k + 1.0)) / (Math.Pow(Math.PI, 1.5) * Math.Sqrt(x));
            var term = factor * Math.Sqrt(y) * Math.Exp(-2 * q) * SpecialFunctions.BesselKScaled(0.25, q);
            sum += term;
            if (Math.Abs(term) < 1e-12)
            {
                break;
            }
        }
        return sum;
    }
}
