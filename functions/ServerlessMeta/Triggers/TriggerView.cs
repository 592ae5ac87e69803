using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

/// <summary>A trigger with all that it led to: cause, run, version, verdict.</summary>
/// <param name="Trigger">The record.</param>
/// <param name="Deliveries">What was sent of it; absent in lists.</param>
/// <param name="RunInfo">The run that answers it, in brief; absent in lists.</param>
/// <param name="Links">Where what belongs to it is read.</param>
public sealed record TriggerView(Trigger Trigger, ImmutableArray<TriggerDeliveryView>? Deliveries, TriggerRunView? RunInfo, ImmutableSortedDictionary<string, string> Links)
{
    internal static TriggerView Brief(Trigger trigger) => new(Shown(trigger), null, null, TriggerLinks.Of(trigger));

    // Keys of rows are the store's own.
    internal static Trigger Shown(Trigger trigger) => trigger with { Flight = null };
}
