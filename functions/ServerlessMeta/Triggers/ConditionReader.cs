using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Triggers;

/// <summary>Reads from a window's result what a condition asks for. Pure.</summary>
internal static class ConditionReader
{
    public const string DriftShare = "driftShare";
    public const string PValue = ".p";
    private const string Change = ".change";
    private const string Estimated = ".estimated";
    private const string TooFew = "There are too few labels to judge it by.";
    private const int MostColumns = 10;
    private static readonly string[] OfDataset = [DriftShare, "pcaReconstruction", "correlation"];

    /// <summary>Whether a metric is of a window as a whole.</summary>
    public static bool IsOfDataset(string metric) => OfDataset.Contains(BaseOf(metric), StringComparer.Ordinal);

    public static ConditionReading Read(RuleCondition condition, WindowResult result)
    {
        if (condition.Baseline == RuleCondition.Training)
        {
            return ReadWindow(condition, result);
        }
        var found = result.Comparisons.FirstOrDefault(one => one.Reference == condition.Baseline);
        return found is null ? ConditionReading.Unknown(condition, $"The window was not compared with {condition.Baseline}: compareWith of what is watched did not name it.")
            : found.Windows.IsEmpty ? ConditionReading.Unknown(condition, $"There was no window before it to be compared with ({condition.Baseline}).")
            : ReadWindow(condition, result with { Columns = found.Columns, Dataset = found.Dataset });
    }

    private static ConditionReading ReadWindow(RuleCondition condition, WindowResult result) => condition.Signal switch
    {
        _ when result.State is WindowState.Open => ConditionReading.Unknown(condition, "The window has not ended."),
        RuleSignal.DataDrift when IsOfDataset(condition.Metric) => Judge(condition, One(condition, result.Dataset, result.Rows), 1, "The window has no such metric."),
        RuleSignal.DataDrift => Columns(condition, result, static role => role is ColumnRole.Feature),
        RuleSignal.PredictionDrift => Columns(condition, result, static role => role is ColumnRole.Prediction or ColumnRole.Score),
        RuleSignal.Missing => Columns(condition, result, static _ => true),
        RuleSignal.Performance => Performance(condition, result),
        RuleSignal.ConceptDrift => Concept(condition, result),
        RuleSignal.Detector => Alarms(condition, result, alarm => alarm.Detector.Equals(condition.Metric, StringComparison.OrdinalIgnoreCase)),
        _ => throw new InvalidOperationException($"{condition.Signal} does not look at windows."),
    };

    private static ConditionReading Columns(RuleCondition condition, WindowResult result, Func<ColumnRole, bool> isMeant)
    {
        var meant = result.Columns.Where(column => isMeant(column.Role) && (condition.Columns is not ColumnChoice.Named named || named.Column == column.Column)).ToList();
        if (meant.Count == 0)
        {
            return ConditionReading.Unknown(condition, "The window has no such column.");
        }
        var known = meant.Select(column => OfColumn(condition, column, result.Rows)).OfType<CauseColumn>().ToList();
        var wanted = condition.Columns switch
        {
            ColumnChoice.Top top => top.Count,
            ColumnChoice.Share share => Math.Max(1, (int)Math.Ceiling((share.Part * known.Count(column => column.N >= condition.MinN)) - 1e-9)),
            _ => 1,
        };
        return Judge(condition, known, wanted, "No such metric could be computed.");
    }

    private static CauseColumn? OfColumn(RuleCondition condition, ColumnResult column, long rows)
    {
        if (condition.Metric != RuleCondition.Verdict)
        {
            return column.Metrics.FirstOrDefault(metric => metric.Metric == BaseOf(condition.Metric)) is { } found ? Of(condition, column.Column, found) : null;
        }
        if (VerdictOf(column.Verdict) is not { } verdict)
        {
            return null;
        }
        var decided = column.Metrics.FirstOrDefault(metric => metric.Metric == column.DecidedBy);
        return new CauseColumn(column.Column, decided?.Metric ?? RuleCondition.Verdict, verdict, Finite(decided?.AdjustedP ?? decided?.P), Finite(decided?.Low), Finite(decided?.High), Finite(decided?.Value), decided?.CurrentCount ?? rows);
    }

    private static ConditionReading Performance(RuleCondition condition, WindowResult result)
    {
        if (condition.Metric == RuleCondition.Verdict)
        {
            var said = result.Performance.Where(static metric => metric.Verdict is not Verdict.None).OrderByDescending(static metric => metric.Verdict is Verdict.Drift).ToList();
            return Judge(condition, [.. said.Select(metric => Of(condition with { Metric = metric.Metric }, null, metric) is { } found ? found with { Value = VerdictOf(metric.Verdict)!.Value, Reference = metric.Value, N = found.N == 0 ? result.Labelled : found.N } : null).OfType<CauseColumn>()], 1,
                "Too few labels came, or the baseline has no performance to compare with.");
        }
        var isEstimated = condition.Metric.EndsWith(Estimated, StringComparison.Ordinal);
        var found = One(condition, isEstimated ? result.Estimated : result.Performance, result.Labelled);
        return found.Length > 0 && !isEstimated && HasFewLabels(condition, result)
            ? ConditionReading.Unknown(condition, TooFew, found[0].N)
            : Judge(condition, found, 1, "No such metric could be computed.");
    }

    // An estimate without labels assumes that the relation of features and labels holds: how far it is off tells that it does not.
    private static ConditionReading Concept(RuleCondition condition, WindowResult result)
    {
        if (condition.Metric is RuleCondition.Verdict)
        {
            return Alarms(condition, result, static _ => true);
        }
        var (measured, estimated) = (One(condition, result.Performance, result.Labelled).FirstOrDefault(), One(condition, result.Estimated, result.Rows).FirstOrDefault());
        return measured is null || estimated is null ? ConditionReading.Unknown(condition, "Measured and estimated performance are both needed.")
            : HasFewLabels(condition, result) ? ConditionReading.Unknown(condition, TooFew, measured.N)
            : Judge(condition, [measured with { Value = Math.Abs(measured.Value - estimated.Value), Reference = estimated.Value, Low = null, High = null, P = null }], 1, "");
    }

    private static ConditionReading Alarms(RuleCondition condition, WindowResult result, Func<DetectorAlarm, bool> isMeant)
    {
        if (result.State is not WindowState.Closed)
        {
            return ConditionReading.Unknown(condition, "Labels are still waited for, and detectors look at a window when all have come.");
        }
        if (result.Labelled == 0)
        {
            return ConditionReading.Unknown(condition, "No labels came, so no detector looked.");
        }
        var alarms = result.Alarms.Count(alarm => !alarm.IsWarning && isMeant(alarm));
        return Judge(condition, [new CauseColumn(null, condition.Metric is RuleCondition.Verdict ? "alarms" : condition.Metric, alarms, null, null, null, null, result.Labelled)], 1, "");
    }

    // The analysis knows how many labels its options ask for.
    private static bool HasFewLabels(RuleCondition condition, WindowResult result) =>
        result.Performance.Any(metric => metric.Metric == BaseOf(condition.Metric) && metric.Flags.Contains(PerformanceAnalysis.FewLabels));

    private static ImmutableArray<CauseColumn> One(RuleCondition condition, ImmutableArray<MetricResult> metrics, long rows) =>
        metrics.FirstOrDefault(metric => metric.Metric == BaseOf(condition.Metric)) is { } found && Of(condition, null, found) is { } one ? [one.N == 0 ? one with { N = rows } : one] : [];

    // The value that is asked for; null when there is none.
    private static CauseColumn? Of(RuleCondition condition, string? column, MetricResult metric)
    {
        if (metric.Status is not (MetricStatus.Ok or MetricStatus.ConstantBoth) || metric.Value is not { } value)
        {
            return null;
        }
        var p = metric.AdjustedP ?? metric.P;
        double? asked = value;
        if (condition.Metric.EndsWith(PValue, StringComparison.Ordinal))
        {
            // By a sign that asks for much, how sure it is: 1 - p.
            asked = condition.Operator is RuleOperator.AtLeast or RuleOperator.Above ? 1 - p : p;
        }
        else if (condition.Metric.EndsWith(Change, StringComparison.Ordinal))
        {
            asked = metric.Reference is { } reference && reference != 0 ? (value - reference) / Math.Abs(reference) : null;
        }
        return asked is { } found && double.IsFinite(found) ? new CauseColumn(column, condition.Metric, found, Finite(p), Finite(metric.Low), Finite(metric.High), Finite(metric.Reference), metric.CurrentCount) : null;
    }

    // JSON has no word for the others, and a trigger must not be lost by one.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    /// <param name="found">What is known, in any order.</param>
    /// <param name="wanted">How many of it must be over the threshold.</param>
    private static ConditionReading Judge(RuleCondition condition, IReadOnlyCollection<CauseColumn> found, int wanted, string problem)
    {
        if (found.Count == 0)
        {
            return ConditionReading.Unknown(condition, problem);
        }
        var isUp = condition.Operator is RuleOperator.AtLeast or RuleOperator.Above;
        var enough = found.Where(column => column.N >= condition.MinN).OrderByDescending(column => isUp ? column.Value : -column.Value).ThenBy(static column => column.Column, StringComparer.Ordinal).ToList();
        if (enough.Count == 0)
        {
            return ConditionReading.Unknown(condition, string.Create(CultureInfo.InvariantCulture, $"It has {found.Max(static column => column.N)} values, but {condition.MinN} are asked for."), found.Max(static column => column.N));
        }
        if (enough.Count < wanted)
        {
            return ConditionReading.Unknown(condition, string.Create(CultureInfo.InvariantCulture, $"{enough.Count} columns could be compared, but {wanted} are asked for."), enough[0].N);
        }
        return new ConditionReading
        {
            Condition = condition,
            Value = enough[wanted - 1].Value,
            N = enough[wanted - 1].N,
            Enters = enough.Count(column => Holds(condition.Operator, column.Value, condition.Enter) && Matters(condition, column)) >= wanted,
            Stays = enough.Count(column => Holds(condition.Operator, column.Value, condition.Exit)) >= wanted,
            Columns = [.. enough.Take(MostColumns)],
        };
    }

    // Statistically and practically: both only to enter, for a p-value that goes to and fro would make the rule flap.
    private static bool Matters(RuleCondition condition, CauseColumn column) =>
        (condition.Alpha is not { } alpha || column.P < alpha)
        && (condition.MinEffect is not { } least || (condition.Signal is RuleSignal.Performance && !condition.Metric.EndsWith(Change, StringComparison.Ordinal)
            ? column.Reference is { } reference && Math.Abs(column.Value - reference) >= least
            : Math.Abs(column.Value) >= least));

    private static bool Holds(RuleOperator comparison, double value, double threshold) => comparison switch
    {
        RuleOperator.AtLeast => value >= threshold,
        RuleOperator.Above => value > threshold,
        RuleOperator.AtMost => value <= threshold,
        _ => value < threshold,
    };

    private static double? VerdictOf(Verdict verdict) => verdict switch
    {
        Verdict.Drift => 1,
        Verdict.None => null,
        _ => 0,
    };

    private static string BaseOf(string metric)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[PValue, Change, Estimated])
        {
            if (metric.EndsWith(suffix, StringComparison.Ordinal))
            {
                return metric[..^suffix.Length];
            }
        }
        return metric;
    }
}
