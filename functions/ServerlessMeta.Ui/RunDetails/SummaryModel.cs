using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Note">Markdown; null: none was written.</param>
/// <param name="NoteTag">The tag that holds it.</param>
/// <param name="Metrics">The latest of each, but for those of the system.</param>
/// <param name="SystemMetrics">How many metrics of the system there are.</param>
/// <param name="Params">By name.</param>
/// <param name="Tags">Those of people.</param>
/// <param name="ClientTags">Those that clients write for themselves.</param>
/// <param name="Children">Runs that are part of this one, the latest first.</param>
/// <param name="HasMoreChildren">Whether there are more than those.</param>
public sealed record SummaryModel(
    string Id, string? Note, string NoteTag, ImmutableArray<MetricLine> Metrics, int SystemMetrics, ImmutableArray<Tag> Params, ImmutableArray<Tag> Tags, ImmutableArray<Tag> ClientTags,
    ImmutableArray<RunLink> Children, bool HasMoreChildren)
{
    /// <summary>Whether least and greatest values are known.</summary>
    public bool HasRanges => Metrics.Any(static metric => metric.Least is not null);
}
