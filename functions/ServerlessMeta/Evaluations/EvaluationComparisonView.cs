using System.Collections.Immutable;

namespace ServerlessMeta.Evaluations;

/// <summary>All that was measured of two versions, the same dataset, slice and metric beside each other.</summary>
public sealed record EvaluationComparisonView(ComparedVersionView Of, ComparedVersionView With, ImmutableArray<MetricComparisonView> Metrics);
