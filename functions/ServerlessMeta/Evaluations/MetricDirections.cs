using System.Collections.Immutable;

namespace ServerlessMeta.Evaluations;

/// <summary>
/// Whether more of a metric is better. The model's policy wins, for it is the rule that versions are held to; then the newer of the two evaluations, then the other;
/// then what the name commonly means, which is marked as a guess.
/// </summary>
public sealed class MetricDirections(ImmutableSortedDictionary<string, bool> policy)
{
    public static MetricDirections NoPolicy { get; } = new(EvaluationContent.NoDirections);

    private static readonly HashSet<string> More = new(
        ["accuracy", "acc", "balanced_accuracy", "f1", "f1_score", "precision", "recall", "auc", "roc_auc", "pr_auc", "r2", "r2_score", "ndcg", "map", "mrr", "bleu", "rouge", "iou", "dice", "mcc", "kappa", "ap"],
        StringComparer.Ordinal);

    private static readonly HashSet<string> Less = new(
        ["loss", "log_loss", "logloss", "mse", "mae", "rmse", "mape", "smape", "rmsle", "error", "error_rate", "perplexity", "wer", "cer", "fid", "brier", "brier_score", "latency", "latency_ms", "cross_entropy", "hinge_loss"],
        StringComparer.Ordinal);

    /// <returns>Whether higher is better, null when nobody knows; and who says so: <c>policy</c>, <c>evaluation</c>, <c>guess</c>.</returns>
    public (bool? HigherIsBetter, string? Source) Find(string metric, params ReadOnlySpan<EvaluationContent?> evaluations)
    {
        if (policy.TryGetValue(metric, out var ruled))
        {
            return (ruled, "policy");
        }
        foreach (var evaluation in evaluations)
        {
            if (evaluation is not null && evaluation.HigherIsBetter.TryGetValue(metric, out var said))
            {
                return (said, "evaluation");
            }
        }
        return GuessOf(metric) is { } guess ? (guess, "guess") : (null, null);
    }

    // The last word of a path says what it is: val/accuracy, test.loss.
    private static bool? GuessOf(string metric)
    {
        var name = metric[(metric.LastIndexOfAny(['/', '.', ' ']) + 1)..].ToLowerInvariant();
        foreach (var prefix in (ReadOnlySpan<string>)["val_", "test_", "eval_", "train_", "validation_"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
            }
        }
        return More.Contains(name) ? true : Less.Contains(name) ? false : null;
    }
}
