using System.Collections.Immutable;

namespace ServerlessMeta.Evaluations;

/// <summary>
/// The body of an evaluation, for the description of the API: up to 1,000 metrics, each finite, <c>low</c> not above and <c>high</c> not below its value; a plot has a
/// <c>uri</c>, or the <c>path</c> of an artifact of <c>run</c>. <c>higherIsBetter</c> says of metrics whether more is better; the model's policy wins over it.
/// It is read by <see cref="EvaluationBody"/>, which finds every fault.
/// </summary>
public sealed record RecordEvaluation(
    EvaluationDatasetView Dataset, ImmutableArray<EvaluationMetricView> Metrics, string? Slice = null, string? Evaluator = null, string? Run = null, ImmutableArray<EvaluationPlot>? Plots = null,
    DateTimeOffset? At = null, string? Note = null, IReadOnlyDictionary<string, bool>? HigherIsBetter = null);
