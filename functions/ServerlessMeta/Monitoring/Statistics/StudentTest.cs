using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Student's and Welch's tests of two means, two-sided, from counts, means and variances (divisor n-1). The statistic is t, positive when the reference's mean is the greater.</summary>
internal static class StudentTest
{
    /// <summary>Equal variances are assumed. Null without two values a side.</summary>
    public static Significance? Pooled(double n, double mean, double variance, double m, double otherMean, double otherVariance)
    {
        if (n < 2 || m < 2)
        {
            return null;
        }
        var dof = n + m - 2;
        var pooled = (((n - 1) * variance) + ((m - 1) * otherVariance)) / dof;
        return Test(mean - otherMean, Math.Sqrt(pooled * ((1 / n) + (1 / m))), dof);
    }

    /// <summary>Variances may differ. Null without two values a side.</summary>
    public static Significance? Welch(double n, double mean, double variance, double m, double otherMean, double otherVariance)
    {
        if (n < 2 || m < 2)
        {
            return null;
        }
        var (a, b) = (variance / n, otherVariance / m);
        var dof = (a + b) * (a + b) / ((a * a / (n - 1)) + (b * b / (m - 1)));
        return Test(mean - otherMean, Math.Sqrt(a + b), double.IsFinite(dof) ? dof : n + m - 2);
    }

    private static Significance Test(double difference, double error, double dof)
    {
        if (difference == 0)
        {
            return new(0, 1);
        }
        var t = difference / error;
        return new(t, double.IsInfinity(t) ? 0 : TwoSidedP(t, dof));
    }

    /// <summary>P(|T| &gt; |t|) = I(dof/2, 1/2; dof/(dof + t^2)).</summary>
    internal static double TwoSidedP(double t, double dof) => Math.Clamp(SpecialFunctions.BetaRegularized(dof / 2, 0.5, dof / (dof + (t * t))), 0, 1);
}
