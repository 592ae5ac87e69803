using System.Collections.Immutable;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Ui.Monitoring;

/// <param name="Watched">Those in trouble first.</param>
/// <param name="More">So many are watched besides, and were changed longer ago.</param>
/// <param name="Triggers">Those that wait for something.</param>
/// <param name="FirstSteps">How a baseline and a window are posted.</param>
public sealed record OverviewModel(ImmutableArray<WatchedLine> Watched, int More, ImmutableArray<TriggerLine> Triggers, IReadOnlyList<Snippet> FirstSteps);
