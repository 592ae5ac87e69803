namespace ServerlessMeta.Monitoring.Performance;

/// <summary>The metrics of labelled classes. Two classes: <c>precision</c>, <c>recall</c>, <c>f1</c> of the positive one; more: macro, micro, and those of each of the most frequent, <c>f1[setosa]</c>.</summary>
internal static class ClassMeasures
{
    /// <summary>Classes that have metrics of their own.</summary>
    private const int MostClasses = 20;

    /// <summary>A class of a longer word has no metrics of its own: it would be their name.</summary>
    private const int LongestClass = 128;

    private const string OneClass = "Labels or predictions are all of one class.";

    private const string NoScores = "No labelled prediction has a score.";

    private static readonly (double, double) Whole = (0, 1);

    /// <summary>Of probabilities, for showing. The best F1 and its threshold say whether moving the threshold would do, where retraining seems due.</summary>
    private static readonly string[] Plain = ["ece", "bestF1", "bestThreshold"];

    public static IReadOnlyList<Measure> Of(ClassAccumulator rows, ModelTask task)
    {
        var totals = rows.Matrix.Totals();
        if (totals.Count == 0)
        {
            return [];
        }
        var measures = new List<Measure>
        {
            Measure.Of("accuracy", totals.Correct, totals.Count, OneClass),
            Jackknife("balancedAccuracy", totals, Whole, static of => of.BalancedAccuracy()),
        };
        if (task is ModelTask.Binary)
        {
            AddPositive(measures, totals, rows.Positive);
        }
        else
        {
            AddMany(measures, totals);
        }
        measures.Add(Jackknife("mcc", totals, (-1, 1), static of => of.Mcc()));
        measures.Add(Jackknife("kappa", totals, (-1, 1), static of => of.Kappa()));
        if (task is ModelTask.Binary)
        {
            AddScores(measures, rows);
        }
        return measures;
    }

    private static void AddPositive(List<Measure> measures, ClassTotals totals, string positive)
    {
        var place = Array.IndexOf(totals.Classes, positive);
        var (hits, actual, predicted) = place < 0 ? (0, 0, 0) : (totals.Hits(place), totals.Actual(place), totals.Predicted(place));
        measures.Add(Measure.Of("precision", hits, predicted, "No prediction is of the positive class."));
        measures.Add(Measure.Of("recall", hits, actual, "No label is of the positive class."));
        measures.Add(F1("f1", hits, actual, predicted));
    }

    private static void AddMany(List<Measure> measures, ClassTotals totals)
    {
        measures.Add(Jackknife("precisionMacro", totals, Whole, static of => of.MacroPrecision()));
        measures.Add(Jackknife("recallMacro", totals, Whole, static of => of.MacroRecall()));
        measures.Add(Jackknife("f1Macro", totals, Whole, static of => of.MacroF1()));
        // Each row has one label and one prediction, so that these three are the accuracy.
        measures.Add(Measure.Of("precisionMicro", totals.Correct, totals.Count, OneClass));
        measures.Add(Measure.Of("recallMicro", totals.Correct, totals.Count, OneClass));
        measures.Add(Measure.Of("f1Micro", totals.Correct, totals.Count, OneClass));
        foreach (var i in Enumerable.Range(0, totals.Classes.Length).Where(i => totals.Actual(i) > 0 && totals.Classes[i].Length <= LongestClass).OrderByDescending(totals.Actual).Take(MostClasses).Order())
        {
            measures.Add(Measure.Of($"precision[{totals.Classes[i]}]", totals.Hits(i), totals.Predicted(i), "No prediction is of this class."));
            measures.Add(Measure.Of($"recall[{totals.Classes[i]}]", totals.Hits(i), totals.Actual(i), "No label is of this class."));
            measures.Add(F1($"f1[{totals.Classes[i]}]", totals.Hits(i), totals.Actual(i), totals.Predicted(i)));
        }
    }

    private static void AddScores(List<Measure> measures, ClassAccumulator rows)
    {
        var ranked = rows.Ranked();
        if (ranked.Count == 0)
        {
            return;
        }
        var positives = ranked.LongCount(static one => one.IsPositive);
        var negatives = ranked.Count - positives;
        var auc = Ranking.RocAuc(ranked);
        measures.Add(Measure.Of("rocAuc", MeasureKind.Share, "mann-whitney", auc, auc is { } area ? Ranking.HanleyMcNeil(area, positives, negatives) : null, ranked.Count, Whole, OneClass));
        measures.Add(AveragePrecision(ranked, positives));
        if (rows.OutOfRange > 0)
        {
            const string reason = "Scores are no probabilities: some are less than 0 or greater than 1.";
            measures.Add(Measure.Missing("logLoss", MeasureKind.Cost, ranked.Count, reason));
            measures.Add(Measure.Missing("brier", MeasureKind.Cost, ranked.Count, reason));
            measures.AddRange(Plain.Select(name => Measure.Missing(name, MeasureKind.Plain, ranked.Count, reason)));
            return;
        }
        measures.Add(Measure.Of("logLoss", MeasureKind.Cost, rows.LogLoss, 0, NoScores));
        measures.Add(Measure.Of("brier", MeasureKind.Cost, rows.Brier, 0, NoScores));
        measures.Add(Measure.Of(Plain[0], MeasureKind.Plain, "equal-width-10", rows.Calibration.Error(), null, ranked.Count, Whole, NoScores));
        var best = rows.Histogram.Grid().Where(static one => one.F1 is not null).OrderByDescending(static one => one.F1).ThenBy(static one => Math.Abs(one.Threshold - 0.5)).FirstOrDefault();
        measures.Add(Measure.Of(Plain[1], MeasureKind.Plain, "grid-101", best.F1, null, ranked.Count, Whole, OneClass));
        measures.Add(Measure.Of(Plain[2], MeasureKind.Plain, "grid-101", best.F1 is null ? null : best.Threshold, null, ranked.Count, Whole, OneClass));
    }

    /// <summary>Of the rows that are positive in label or prediction; its error is that of their share of hits (NannyML's sampling error).</summary>
    private static Measure F1(string name, long hits, long actual, long predicted)
    {
        var rows = actual + predicted - hits;
        if (rows == 0)
        {
            return Measure.Missing(name, MeasureKind.Share, 0, "Neither a label nor a prediction is of this class.");
        }
        var halves = (rows - hits) / 2.0 + hits;
        var share = (double)hits / rows;
        return Measure.Of(name, MeasureKind.Share, "sampling-error", hits / halves, Math.Sqrt(share * (1 - share)) * rows / halves / Math.Sqrt(rows), rows, Whole, OneClass);
    }

    private static Measure Jackknife(string name, ClassTotals totals, (double, double) range, Func<ClassTotals, double?> metric) =>
        Measure.Of(name, MeasureKind.Share, "jackknife", metric(totals), totals.ErrorOf(metric), totals.Count, range, OneClass);

    /// <summary>Its interval is that of its log odds (Boyd, Eng and Page 2013).</summary>
    private static Measure AveragePrecision(IReadOnlyList<(double Score, bool IsPositive)> ranked, long positives)
    {
        if (Ranking.AveragePrecision(ranked) is not { } value)
        {
            return Measure.Missing("averagePrecision", MeasureKind.Share, ranked.Count, "No label is of the positive class.");
        }
        var error = Math.Sqrt(Math.Max(0, value * (1 - value)) / positives);
        var measure = Measure.Of("averagePrecision", MeasureKind.Share, "logit", value, error, ranked.Count, Whole, OneClass);
        if (error > 0)
        {
            var (odds, half) = (Math.Log(value / (1 - value)), DropTest.Z / (error * positives));
            measure = measure with { Low = 1 / (1 + Math.Exp(half - odds)), High = 1 / (1 + Math.Exp(-half - odds)) };
        }
        return measure;
    }
}
