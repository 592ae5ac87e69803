using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

public sealed record TriggerPage(ImmutableArray<TriggerView> Triggers, string? NextPageToken = null);
