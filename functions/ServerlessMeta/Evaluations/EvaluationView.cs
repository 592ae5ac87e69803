using System.Collections.Immutable;

namespace ServerlessMeta.Evaluations;

/// <summary>An evaluation as it is answered; <c>at</c> is when it was measured as that was said, <c>recordedAt</c> when the store took it.</summary>
public sealed record EvaluationView
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required EvaluationDatasetView Dataset { get; init; }

    public string? Slice { get; init; }

    public required ImmutableArray<EvaluationMetricView> Metrics { get; init; }

    public string? Evaluator { get; init; }

    public string? Run { get; init; }

    public required ImmutableArray<EvaluationPlot> Plots { get; init; }

    public DateTimeOffset? At { get; init; }

    public string? Note { get; init; }

    public required IReadOnlyDictionary<string, bool> HigherIsBetter { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    internal static EvaluationView From(Evaluation evaluation) => new()
    {
        Id = evaluation.Id,
        Version = evaluation.Version,
        Dataset = new EvaluationDatasetView(evaluation.Content.Dataset, evaluation.Content.Digest),
        Slice = evaluation.Content.Slice,
        Metrics = [.. evaluation.Content.Metrics.Select(EvaluationMetricView.From)],
        Evaluator = evaluation.Content.Evaluator,
        Run = evaluation.Content.Run?.ToString(),
        Plots = evaluation.Content.Plots,
        At = evaluation.Content.At,
        Note = evaluation.Content.Note,
        HigherIsBetter = evaluation.Content.HigherIsBetter,
        RecordedAt = evaluation.RecordedAt,
        RecordedBy = evaluation.RecordedBy,
    };
}
