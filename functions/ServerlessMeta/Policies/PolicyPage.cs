using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

public sealed record PolicyPage(ImmutableArray<PolicyView> Policies, string? NextPageToken = null);
