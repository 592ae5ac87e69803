using System.Collections.Immutable;

namespace ServerlessMeta.Triggers;

public sealed record RulePage(ImmutableArray<RuleView> Rules, string? NextPageToken = null);
