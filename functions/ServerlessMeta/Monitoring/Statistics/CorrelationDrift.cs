namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>The greatest change of a correlation between two columns, with Fisher's z-test of it: z = (atanh r1 - atanh r2)/sqrt(1/(n-3) + 1/(m-3)), two-sided.</summary>
/// <param name="Difference">|r1 - r2|, 0 to 2.</param>
/// <param name="P">Of that pair alone.</param>
/// <param name="AdjustedP">For the number of pairs (Bonferroni).</param>
internal sealed record CorrelationDrift(double Difference, double P, double AdjustedP, string First, string Second)
{
    /// <summary>Correlations of +/-1 have no z.</summary>
    private const double Most = 1 - 1e-12;

    /// <summary>A column that is constant in the window has no correlations there, and is left out; null: no pair is left.</summary>
    public static CorrelationDrift? Of(CoMomentPair pair)
    {
        CorrelationDrift? most = null;
        var pairs = 0;
        for (var i = 0; i < pair.Columns.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var scale = Math.Sqrt(pair.Current[i, i]) * Math.Sqrt(pair.Current[j, j]);
                if (scale <= 0)
                {
                    continue;
                }
                pairs++;
                var (before, now) = (Math.Clamp(pair.Reference[i, j], -1, 1), Math.Clamp(pair.Current[i, j] / scale, -1, 1));
                if (most is null || Math.Abs(before - now) > most.Difference)
                {
                    var z = (Math.Atanh(Math.Clamp(before, -Most, Most)) - Math.Atanh(Math.Clamp(now, -Most, Most))) / Math.Sqrt((1 / (pair.ReferenceCount - 3)) + (1 / (pair.CurrentCount - 3)));
                    most = new(Math.Abs(before - now), Normal.TwoSided(z), 1, pair.Columns[j], pair.Columns[i]);
                }
            }
        }
        return most is null ? null : most with { AdjustedP = Math.Min(1, most.P * pairs) };
    }
}
