using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A column of data in a window.</summary>
/// <param name="Verdict">In words.</param>
/// <param name="Kind">Of its badge.</param>
/// <param name="DecidedBy">Which metric decided.</param>
/// <param name="Reason">Why it could not be compared.</param>
/// <param name="Distribution">Null: there is nothing to lay side by side.</param>
/// <param name="NewCategories">Categories that the baseline has not, each with its share.</param>
public sealed record ColumnDetail(
    string Name, string? Role, string Verdict, string Kind, string? DecidedBy, string? Reason, ImmutableArray<MetricLine> Metrics, DistributionModel? Distribution, ImmutableArray<string> NewCategories);
