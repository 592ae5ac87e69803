using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Ui.Models;

/// <summary>The latest value of a metric of a version on a dataset, or a slice of it.</summary>
/// <param name="Evaluation">That measured it.</param>
/// <param name="Metric">As it was measured.</param>
/// <param name="IsBest">Whether no version has a better one on the same content of the dataset.</param>
public sealed record EvaluationPoint(Evaluation Evaluation, EvaluationMetric Metric, bool IsBest)
{
    /// <summary>The dataset and its slice.</summary>
    public string Series => Evaluation.Content.Slice is { } slice ? $"{Evaluation.Content.Dataset}, {slice}" : Evaluation.Content.Dataset;
}
