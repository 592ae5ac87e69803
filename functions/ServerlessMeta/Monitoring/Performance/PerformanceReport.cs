using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Performance;

/// <param name="Performance">By labels.</param>
/// <param name="Estimated">Without, though labels be there: what is measured and what was to be expected differ when the concept has drifted. Empty when nothing can be estimated.</param>
internal sealed record PerformanceReport(ImmutableArray<MetricResult> Performance, ImmutableArray<MetricResult> Estimated);
