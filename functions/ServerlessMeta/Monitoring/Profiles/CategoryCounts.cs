using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>How often each category occurs: exact up to a thousand, then the most frequent, with the rest in <paramref name="Other"/>.</summary>
public sealed record CategoryCounts(ImmutableSortedDictionary<string, long> Counts, long Other, bool IsExact);
