using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>
/// Makes a window's result: its columns and itself against the baseline, its performance by labels, or estimated, and what the detectors heard. Pure: the same input gives the same output,
/// in whatever order its predictions stand. Bad data gives statuses with reasons, never an exception and never a number that is not finite.
/// </summary>
internal static class WindowAnalysis
{
    public static AnalysisOutput Analyze(AnalysisInput input)
    {
        var options = input.Options;
        var predictions = PredictionOrder.Of(input.Predictions);
        var baseline = PredictionOrder.Of(input.BaselinePredictions);
        var labelled = predictions.Where(static one => one.Label is not null).ToList();
        var state = StateOf(input, predictions.Length, labelled.Count);
        var (columns, dataset) = ProfileAnalysis.Compare(input.Baseline, input.Current, options);
        var performance = PerformanceAnalysis.Of(baseline, predictions, state, options);
        var heard = WindowDetectors.Hear(input, baseline, labelled, state);
        var result = new WindowResult
        {
            Window = input.Window,
            Start = input.Start,
            End = input.End,
            Revision = input.Revision,
            ComputedAt = input.Now,
            Cause = input.Cause,
            Baseline = input.Baseline is null ? 0 : input.BaselineNumber,
            State = state,
            Rows = input.Current.Rows,
            Predictions = predictions.Length,
            Labelled = labelled.Count,
            FirstLabel = labelled.Min(static one => one.LabelAt),
            LastLabel = labelled.Max(static one => one.LabelAt),
            Columns = columns,
            Dataset = dataset,
            Performance = [.. performance.Performance, .. heard.Remark is null ? Array.Empty<MetricResult>() : [heard.Remark]],
            Estimated = performance.Estimated,
            Alarms = heard.Alarms,
            Comparisons = [.. (options.CompareWith.IsDefault ? [] : options.CompareWith).Select(ReferenceWindows.Parse).OfType<ReferenceWindows>().Select(one => one.Compare(input.Before, input.Current, options))],
        };
        return new(FiniteNumbers.Of(result), heard.Memory);
    }

    private static WindowState StateOf(AnalysisInput input, int predictions, int labelled)
    {
        if (input.Now < input.End)
        {
            return WindowState.Open;
        }
        var (schema, lag) = (input.Options.Schema, input.Options.MaxLabelLag);
        var isOver = input.LabelsUntil is { } until ? input.Now >= until : input.Now - input.End >= lag;
        // Without a task, or without ids by which labels could find their predictions, none are waited for.
        var isUnlabelled = schema.Task is ModelTask.None || schema.Id is null && schema.Label is null;
        return isOver || isUnlabelled || predictions > 0 && labelled > 0 && labelled >= input.Options.MinCoverage * predictions ? WindowState.Closed : WindowState.Maturing;
    }
}
