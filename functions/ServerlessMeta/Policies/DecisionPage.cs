using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

public sealed record DecisionPage(ImmutableArray<DecisionView> Decisions, string? NextPageToken = null);
