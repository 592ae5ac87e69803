using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <summary>What is compared, the sides in the order in which they were asked for.</summary>
public sealed record Compared(ImmutableArray<ComparedSide> Sides, ImmutableArray<ComparedMetric> Metrics);
