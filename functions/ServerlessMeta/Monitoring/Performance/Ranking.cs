namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Metrics of the order that scores give, from all scores.</summary>
internal static class Ranking
{
    /// <summary>The area under the ROC curve: the share of pairs in the right order, ties half (Mann and Whitney). Null for one class.</summary>
    /// <param name="scored">Sorted by score, the highest first.</param>
    public static double? RocAuc(IReadOnlyList<(double Score, bool IsPositive)> scored)
    {
        var (above, negatives, wrong) = (0.0, 0.0, 0.0);
        foreach (var (positive, negative) in Ties(scored))
        {
            // Negatives stand above what follows, and half above what they tie with.
            wrong += positive * (negatives + 0.5 * negative);
            above += positive;
            negatives += negative;
        }
        return above == 0 || negatives == 0 ? null : 1 - wrong / (above * negatives);
    }

    /// <summary>The mean precision at each positive; ties are one step. Null without positives.</summary>
    /// <param name="scored">Sorted by score, the highest first.</param>
    public static double? AveragePrecision(IReadOnlyList<(double Score, bool IsPositive)> scored)
    {
        var (positives, seen, sum) = (0.0, 0.0, 0.0);
        foreach (var (positive, negative) in Ties(scored))
        {
            positives += positive;
            seen += positive + negative;
            sum += positive * (positives / seen);
        }
        return positives == 0 ? null : sum / positives;
    }

    /// <summary>The standard error of an area under the ROC curve (Hanley and McNeil 1982).</summary>
    public static double HanleyMcNeil(double auc, double positives, double negatives)
    {
        var one = auc / (2 - auc);
        var two = 2 * auc * auc / (1 + auc);
        var variance = auc * (1 - auc) + (positives - 1) * (one - auc * auc) + (negatives - 1) * (two - auc * auc);
        return Math.Sqrt(Math.Max(0, variance) / (positives * negatives));
    }

    private static IEnumerable<(long Positive, long Negative)> Ties(IReadOnlyList<(double Score, bool IsPositive)> scored)
    {
        for (var i = 0; i < scored.Count;)
        {
            var (score, positive, negative) = (scored[i].Score, 0L, 0L);
            for (; i < scored.Count && scored[i].Score == score; i++)
            {
                positive += scored[i].IsPositive ? 1 : 0;
                negative += scored[i].IsPositive ? 0 : 1;
            }
            yield return (positive, negative);
        }
    }
}
