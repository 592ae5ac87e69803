namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>The z-test of two shares with the pooled share P: z = (p1 - p2)/sqrt(P (1-P) (1/n + 1/m)), two-sided.</summary>
internal static class ShareTest
{
    public static Significance Compare(double hits, double n, double otherHits, double m)
    {
        var pooled = (hits + otherHits) / (n + m);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1 / n) + (1 / m)));
        var difference = (hits / n) - (otherHits / m);
        return error > 0 ? new(difference / error, Normal.TwoSided(difference / error)) : new(0, 1);
    }
}
