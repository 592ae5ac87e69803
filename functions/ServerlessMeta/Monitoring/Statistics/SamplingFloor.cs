namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>How large a distance chance alone makes between two samples of the same distribution.</summary>
internal static class SamplingFloor
{
    /// <summary>
    /// What the PSI of k bins exceeds in 5 of 100 cases without drift: the 95th percentile of chi-squared with k-1 degrees of freedom, times (1/n + 1/m). A PSI below says nothing, whatever its band;
    /// with k = 10 and n = m = 100 it is 0.34.
    /// </summary>
    public static double Psi95(int bins, double n, double m) => bins < 2 ? 0 : ChiSquared.Quantile(0.95, bins - 1) * ((1 / n) + (1 / m));

    /// <summary>The greatest difference of two distribution functions less what chance makes, at least 0 (deequ's "robust" form): c is 1.8 at a level of about 0.003.</summary>
    public static double RobustLInfinity(double distance, double n, double m, double c = 1.8) => Math.Max(0, distance - (c * Math.Sqrt((n + m) / (n * m))));
}
