using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>The experiments that changed last, whose runs are looked through where all would cost too much.</summary>
internal static class RecentExperiments
{
    public static ImmutableArray<Experiment> Of(IEnumerable<Experiment> all, int count) =>
        [.. all.Where(static one => one.Stage is LifecycleStage.Active).OrderByDescending(static one => one.UpdatedAt).ThenByDescending(static one => one.Id.Number).Take(count)];
}
