using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Tails of the standard normal distribution; exact far out, where 1 - cdf would be 0.</summary>
internal static class Normal
{
    /// <summary>P(Z &gt; z).</summary>
    public static double Sf(double z) => 0.5 * SpecialFunctions.Erfc(z / Constants.Sqrt2);

    /// <summary>P(|Z| &gt; |z|).</summary>
    public static double TwoSided(double z) => Math.Min(1, SpecialFunctions.Erfc(Math.Abs(z) / Constants.Sqrt2));
}
