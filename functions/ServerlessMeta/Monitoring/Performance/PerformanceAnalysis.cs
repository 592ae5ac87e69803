using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>The performance of a window's predictions against the baseline's.</summary>
internal static class PerformanceAnalysis
{
    /// <summary>Labels that performance needs, if the options say nothing.</summary>
    private const int ClassLabels = 200;

    private const int NumberLabels = 50;

    /// <summary>There are too few labels for a verdict.</summary>
    internal const string FewLabels = "fewLabels";

    /// <summary>Some labels are no class or number, or their predictions are not.</summary>
    internal const string Unreadable = "unreadable";

    public static PerformanceReport Of(IReadOnlyList<JoinedPrediction> baseline, IReadOnlyList<JoinedPrediction> current, WindowState state, AnalysisOptions options)
    {
        var task = options.Schema.Task;
        if (task is ModelTask.None || current.Count == 0)
        {
            return new([], []);
        }
        var labelled = current.Count(static one => one.Label is not null);
        var enough = options.MinLabels ?? (task is ModelTask.Regression ? NumberLabels : ClassLabels);
        var isJudged = labelled > 0 && labelled >= enough && (state is WindowState.Closed || labelled >= options.MinCoverage * current.Count);
        var (reference, measures, unread) = task is ModelTask.Regression ? Numbers(baseline, current) : Classes(baseline, current, options.Schema);
        var selection = labelled == 0 ? null : LabelSelection.Of(current, options);
        ImmutableArray<string> flags =
        [
            .. isJudged ? Array.Empty<string>() : [FewLabels],
            .. unread > 0 ? [Unreadable] : Array.Empty<string>(),
            .. selection is { Flags.IsEmpty: false } ? [LabelSelection.Flag] : Array.Empty<string>(),
        ];
        var before = reference.ToDictionary(static one => one.Name, StringComparer.Ordinal);
        var results = Judgement.Of(measures, before, options, isJudged, flags).ToList();
        if (Judgement.AccuracyDrop(measures.FirstOrDefault(static one => one.Name == "accuracy"), before.GetValueOrDefault("accuracy"), flags) is { } drop)
        {
            results.Add(drop);
        }
        if (selection is not null)
        {
            results.Add(selection);
        }
        return new([.. results], task is ModelTask.Binary ? EstimatedPerformance.Of(baseline, current, before, options) : []);
    }

    private static (IReadOnlyList<Measure> Reference, IReadOnlyList<Measure> Current, long Unread) Classes(IEnumerable<JoinedPrediction> baseline, IEnumerable<JoinedPrediction> current, PredictionSchema schema)
    {
        var (before, now) = (new ClassAccumulator(schema), new ClassAccumulator(schema));
        foreach (var one in baseline)
        {
            before.Add(one);
        }
        foreach (var one in current)
        {
            now.Add(one);
        }
        return (ClassMeasures.Of(before, schema.Task), ClassMeasures.Of(now, schema.Task), now.Unread);
    }

    private static (IReadOnlyList<Measure> Reference, IReadOnlyList<Measure> Current, long Unread) Numbers(IEnumerable<JoinedPrediction> baseline, IEnumerable<JoinedPrediction> current)
    {
        var (before, now) = (new NumberAccumulator(), new NumberAccumulator());
        foreach (var one in baseline)
        {
            before.Add(one);
        }
        foreach (var one in current)
        {
            now.Add(one);
        }
        return (NumberMeasures.Of(before), NumberMeasures.Of(now), now.Unread);
    }
}
