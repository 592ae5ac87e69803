namespace ServerlessMeta.Monitoring.Performance;

/// <summary>
/// Performance without labels from how sure the model is (CBPE, NannyML): a score that is calibrated on the baseline says how likely each prediction is right, and so the confusion matrix that is to be expected.
/// It holds while what the features say of the label has not changed.
/// </summary>
internal sealed record ConfidenceEstimate
{
    public required long Count { get; init; }

    public required double TruePositives { get; init; }

    public required double FalsePositives { get; init; }

    public required double FalseNegatives { get; init; }

    public required double TrueNegatives { get; init; }

    /// <summary>Null when only one class is to be expected.</summary>
    public required double? RocAuc { get; init; }

    public double? Accuracy => Quotient(TruePositives + TrueNegatives, Count);

    public double? Precision => Quotient(TruePositives, TruePositives + FalsePositives);

    public double? Recall => Quotient(TruePositives, TruePositives + FalseNegatives);

    public double? F1 => Quotient(TruePositives, TruePositives + 0.5 * (FalsePositives + FalseNegatives));

    /// <param name="predictions">The calibrated probability of the positive class, what was predicted, and the score itself, which gives the order.</param>
    public static ConfidenceEstimate Of(IEnumerable<(double Probability, bool IsPositive, double Score)> predictions)
    {
        (double Probability, bool IsPositive, double Score)[] ranked = [.. predictions.OrderByDescending(static one => one.Score)];
        var (tp, fp, fn, tn) = (new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum());
        foreach (var (probability, isPositive, _) in ranked)
        {
            (isPositive ? tp : fn).Add(probability);
            (isPositive ? fp : tn).Add(1 - probability);
        }
        return new()
        {
            Count = ranked.Length,
            TruePositives = tp.Read().High,
            FalsePositives = fp.Read().High,
            FalseNegatives = fn.Read().High,
            TrueNegatives = tn.Read().High,
            RocAuc = Auc(ranked),
        };
    }

    /// <summary>The area under the expected ROC curve; scores that tie are one step.</summary>
    private static double? Auc((double Probability, bool IsPositive, double Score)[] ranked)
    {
        var (positives, negatives, wrong) = (0.0, 0.0, 0.0);
        for (var i = 0; i < ranked.Length;)
        {
            var (score, positive, negative) = (ranked[i].Score, 0.0, 0.0);
            for (; i < ranked.Length && ranked[i].Score == score; i++)
            {
                positive += ranked[i].Probability;
                negative += 1 - ranked[i].Probability;
            }
            wrong += positive * (negatives + 0.5 * negative);
            positives += positive;
            negatives += negative;
        }
        return positives > 0 && negatives > 0 ? 1 - wrong / (positives * negatives) : null;
    }

    private static double? Quotient(double over, double under) => under > 0 ? over / under : null;
}
