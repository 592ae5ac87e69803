using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>A measure of performance over windows.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Measures">All that there are, each with its address.</param>
/// <param name="Points">The oldest first.</param>
/// <param name="Sentence">What it says, in words.</param>
/// <param name="Data">The same for the chart, as JSON.</param>
public sealed record PerformanceModel(string Measure, ImmutableArray<PageLink> Measures, ImmutableArray<PerformancePoint> Points, string Sentence, string Data);
