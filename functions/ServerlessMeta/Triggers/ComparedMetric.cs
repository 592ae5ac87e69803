namespace ServerlessMeta.Triggers;

/// <summary>Whether more of a metric of performance is better.</summary>
internal static class ComparedMetric
{
    private static readonly string[] More = ["accuracy", "balancedaccuracy", "f1", "f1macro", "f1micro", "precision", "precisionmacro", "precisionmicro", "recall", "recallmacro", "recallmicro", "rocauc", "auc", "prauc", "r2", "mcc", "kappa", "specificity", "sensitivity"];
    private static readonly string[] Less = ["rmse", "mae", "mse", "mape", "smape", "medianabsoluteerror", "logloss", "brier", "ece", "error", "errorrate", "loss"];

    /// <summary>Which metric to compare by when the rule names none: the first that both have.</summary>
    public static string[] Usual { get; } = ["rmse", "mae", "rocAuc", "f1", "accuracy", "logLoss", "brier"];

    public static bool? IsMoreBetter(string metric)
    {
        var name = new string([.. metric.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        return More.Contains(name, StringComparer.Ordinal) ? true : Less.Contains(name, StringComparer.Ordinal) ? false : null;
    }

    /// <summary>Whether it is a root of a mean of squares, which windows are joined by.</summary>
    public static bool IsRoot(string metric) => metric.Equals("rmse", StringComparison.OrdinalIgnoreCase);

    /// <summary>How much of a difference does not matter: 0.02 of a share, a twentieth of an error.</summary>
    public static double MarginOf(string metric, double old) => IsMoreBetter(metric) is true && Math.Abs(old) <= 1 ? 0.02 : 0.05 * Math.Abs(old);
}
