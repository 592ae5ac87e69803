namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Observed counts against expected ones: Pearson's chi-squared and the G statistic 2 sum O ln(O/E), both with k-1 degrees of freedom. What was never expected but seen makes the statistic infinite and p 0.</summary>
internal static class GoodnessOfFit
{
    public static Significance Pearson(ReadOnlySpan<double> observed, ReadOnlySpan<double> expected)
    {
        var sum = 0.0;
        for (var i = 0; i < observed.Length; i++)
        {
            var difference = observed[i] - expected[i];
            sum += difference == 0 ? 0 : difference * difference / expected[i];
        }
        return new(sum, ChiSquared.Sf(sum, observed.Length - 1));
    }

    public static Significance G(ReadOnlySpan<double> observed, ReadOnlySpan<double> expected)
    {
        var sum = 0.0;
        for (var i = 0; i < observed.Length; i++)
        {
            sum += observed[i] == 0 ? 0 : observed[i] * Math.Log(observed[i] / expected[i]);
        }
        return new(2 * sum, ChiSquared.Sf(2 * sum, observed.Length - 1));
    }
}
