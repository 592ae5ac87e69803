namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Differences of two distributions given as shares of the same bins: p of the reference, q of the window. ln is the natural logarithm; a share of 0 adds 0 unless said otherwise.</summary>
internal static class Divergences
{
    /// <summary>The population stability index, sum (q-p) ln(q/p), symmetric. A bin with a share of 0 on one side makes it infinite: fill zeros first (<see cref="ZeroFill"/>).</summary>
    public static double Psi(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i] == q[i] ? 0 : (q[i] - p[i]) * Math.Log(q[i] / p[i]);
        }
        return sum;
    }

    /// <summary>The Jensen-Shannon divergence (KL(p||M) + KL(q||M))/2 with M = (p+q)/2, in nats: 0 to ln 2. Divide by ln 2 for bits; its square root is the distance. Nothing needs filling.</summary>
    public static double JensenShannon(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var middle = (p[i] + q[i]) / 2;
            sum += (p[i] > 0 ? p[i] * Math.Log(p[i] / middle) : 0) + (q[i] > 0 ? q[i] * Math.Log(q[i] / middle) : 0);
        }
        return Math.Max(0, sum / 2);
    }

    /// <summary>The Jensen-Shannon distance with base 2, 0 to 1.</summary>
    public static double JensenShannonDistance(ReadOnlySpan<double> p, ReadOnlySpan<double> q) => Math.Sqrt(Math.Min(1, JensenShannon(p, q) / Math.Log(2)));

    /// <summary>KL(reference || window) in nats, of both sides brought to a sum of 1. Fill zeros first.</summary>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var (totalP, totalQ, sum) = (0.0, 0.0, 0.0);
        for (var i = 0; i < p.Length; i++)
        {
            totalP += p[i];
            totalQ += q[i];
        }
        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i] > 0 ? p[i] / totalP * Math.Log(p[i] / totalP / (q[i] / totalQ)) : 0;
        }
        return Math.Max(0, sum);
    }

    /// <summary>The Hellinger distance sqrt(1 - sum sqrt(p q)), 0 to 1.</summary>
    public static double Hellinger(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        // Half the sum of squared differences of the roots is the same, and does not cancel. Mass that only one side has stays in.
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var difference = Math.Sqrt(p[i]) - Math.Sqrt(q[i]);
            sum += difference * difference;
        }
        return Math.Sqrt(Math.Min(1, sum / 2));
    }

    /// <summary>The greatest difference of a share, 0 to 1.</summary>
    public static double LInfinity(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var most = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            most = Math.Max(most, Math.Abs(p[i] - q[i]));
        }
        return most;
    }

    /// <summary>The total variation distance, half the sum of differences, 0 to 1.</summary>
    public static double TotalVariation(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += Math.Abs(p[i] - q[i]);
        }
        return Math.Min(1, sum / 2);
    }
}
