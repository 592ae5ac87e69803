using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Performance;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>
/// Makes a window's result: its columns and itself against the baseline, its performance by labels, or estimated, and what the detectors heard. Pure: the same input gives the same output,
/// in whatever order its predictions stand. Bad data gives statuses with reasons, never an exception and never a number that is not finite.
/// </summary>
internal static class WindowAnalysis
{
    /// <summary>What a window is compared with, unless told otherwise.</summary>
    public const string Training = "training";

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
            Reference = Training,
            State = state,
            Rows = input.Current.Rows,
            Predictions = predictions.Length,
            Labelled = labelled.Count,
            FirstLabel = labelled.Min(static one => one.LabelAt),
            LastLabel = labelled.Max(static one => one.LabelAt),
            Columns = columns,
            Dataset = dataset,
            Performance = [.. performance.Performance, .. heard.Fault is null ? Array.Empty<MetricResult>() : [heard.Fault]],
            Estimated = performance.Estimated,
            Alarms = heard.Alarms,
        };
        return new(FiniteNumbers.Of(result), heard.Memory);
    }

    /// <summary>A window's profile against another than the baseline's: the window before, or some before (see <see cref="ReferenceWindows"/>).</summary>
    /// <param name="before">What it is compared with.</param>
    /// <param name="current">The window's.</param>
    /// <param name="options">How it is judged.</param>
    /// <param name="reference">What it is compared with, as <see cref="WindowResult.Reference"/> says it.</param>
    public static ProfileComparison Compare(DataProfile before, DataProfile current, AnalysisOptions options, string reference)
    {
        var (columns, dataset) = ProfileAnalysis.Compare(before, current, options);
        return new(reference, [.. columns.Select(FiniteNumbers.Of)], [.. dataset.Select(FiniteNumbers.Of)]);
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
