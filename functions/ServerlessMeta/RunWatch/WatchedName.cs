using System.Buffers;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// What the name of a metric says: which way it gets better, whether it is measured on held-out data, and what it measures. So <c>val_loss</c>, <c>eval/loss</c> and <c>loss/validation</c> belong to <c>loss</c>
/// and <c>train_loss_epoch</c>. The last word that names no part of the data and no way of averaging decides.
/// </summary>
/// <param name="Direction">Which way it gets better; null: the name does not tell.</param>
/// <param name="IsEvaluation">On held-out data.</param>
/// <param name="Subject">What is measured.</param>
internal readonly record struct WatchedName(MetricDirection? Direction, bool IsEvaluation, string Subject)
{
    /// <summary>A tag or param of this prefix and the metric's name says <c>min</c>, <c>max</c> or <c>off</c>.</summary>
    public const string Declaration = "watch.";

    private const int LongestName = 250;

    private static readonly HashSet<string> Lower = new(
        ["loss", "losses", "logloss", "error", "errors", "err", "rmse", "rmsle", "mse", "msle", "mae", "mape", "smape", "nll", "bce", "perplexity", "ppl", "wer", "cer", "brier", "deviance"], StringComparer.Ordinal);

    private static readonly HashSet<string> Higher = new(
        ["accuracy", "acc", "f1", "auc", "auroc", "auprc", "r2", "precision", "recall", "sensitivity", "specificity", "ndcg", "mrr", "iou", "miou", "dice", "bleu", "mcc", "kappa", "psnr", "ssim"], StringComparer.Ordinal);

    private static readonly HashSet<string> Training = new(["train", "training"], StringComparer.Ordinal);

    private static readonly HashSet<string> Evaluation = new(["val", "valid", "validation", "eval", "evaluation", "test", "testing", "dev", "holdout"], StringComparer.Ordinal);

    private static readonly HashSet<string> Plain = new(
        ["epoch", "step", "batch", "iter", "iteration", "mean", "avg", "average", "score", "value", "macro", "micro", "weighted", "total", "rate", "final", "last"], StringComparer.Ordinal);

    // A loss is named by what it is a loss of, before or behind; these words make something else of it.
    private static readonly HashSet<string> NoLoss = new(["scale", "scaler", "weight", "weights", "coef", "coefficient", "factor", "lambda"], StringComparer.Ordinal);

    // Most metrics of a large run are none of these, and are told apart by a look.
    private static readonly SearchValues<string> Hints = SearchValues.Create([.. Lower.Concat(Higher).Append("entropy")], StringComparison.OrdinalIgnoreCase);

    /// <summary>What a name says of a metric whose direction is declared, or that may tell it itself.</summary>
    public static WatchedName Of(string name)
    {
        if (name.Length > LongestName)
        {
            return new WatchedName(null, false, name);
        }
        var words = Words(name);
        var isEvaluation = words.Exists(Evaluation.Contains);
        words.RemoveAll(static word => Training.Contains(word) || Evaluation.Contains(word) || Plain.Contains(word) || char.IsAsciiDigit(word[0]));
        return new WatchedName(DirectionOf(words), isEvaluation, string.Join('_', words));
    }

    /// <summary>Whether a name may tell its direction: if not, it does not.</summary>
    public static bool MayTell(string name) => name.AsSpan().ContainsAny(Hints);

    /// <summary>What a declaration says; null when it says nothing that is known.</summary>
    public static (bool IsOff, MetricDirection Direction)? Declared(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        "min" or "minimize" or "lower" => (false, MetricDirection.Min),
        "max" or "maximize" or "higher" => (false, MetricDirection.Max),
        "off" or "none" => (true, MetricDirection.Min),
        _ => null,
    };

    private static MetricDirection? DirectionOf(List<string> words) =>
        words is not [.., { } last] ? null
        : Higher.Contains(last) ? MetricDirection.Max
        : Lower.Contains(last) || words is [.., "cross", "entropy"] || (words.Contains("loss") && !words.Exists(NoLoss.Contains)) ? MetricDirection.Min
        : null;

    // Words end at whatever is neither letter nor digit, and where a small letter is followed by a capital one.
    private static List<string> Words(string name)
    {
        var words = new List<string>();
        var from = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var isEnd = i == name.Length || !char.IsLetterOrDigit(name[i]);
            if (isEnd || (i > from && char.IsUpper(name[i]) && char.IsLower(name[i - 1])))
            {
                if (i > from)
                {
                    words.Add(name[from..i].ToLowerInvariant());
                }
                from = isEnd ? i + 1 : i;
            }
        }
        return words;
    }
}
