using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Home;

/// <param name="Experiments">The one that changed last comes first.</param>
/// <param name="Runs">Runs that go on in these experiments, or the last ones when none does.</param>
/// <param name="IsRunning">Whether <paramref name="Runs"/> go on.</param>
/// <param name="Models">What is in production.</param>
/// <param name="Triggers">Those that are not settled, the newest first.</param>
/// <param name="Waiting">What waits for the reader's word.</param>
/// <param name="FirstSteps">How the first run is logged; null: there are runs.</param>
public sealed record HomeModel(
    ImmutableArray<Experiment> Experiments, ImmutableArray<HomeRun> Runs, bool IsRunning, ImmutableArray<HomeModelVersion> Models, ImmutableArray<HomeTrigger> Triggers, ImmutableArray<HomeApproval> Waiting,
    IReadOnlyList<Snippet>? FirstSteps)
{
    /// <summary>Models of which something drifted.</summary>
    public int Drifting => Models.Count(static one => one.Drift?.Alerts.IsEmpty is false);
}
