using System.Collections.Immutable;

namespace ServerlessMeta.Evaluations;

public sealed record EvaluationPage(ImmutableArray<EvaluationView> Evaluations, string? NextPageToken = null);
