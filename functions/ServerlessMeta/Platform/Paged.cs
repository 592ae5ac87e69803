using System.Collections.Immutable;

namespace ServerlessMeta.Platform;

/// <summary>One page of a list; <paramref name="Next"/> is an opaque token bound to its query, or null on the last page.</summary>
public sealed record Paged<T>(ImmutableArray<T> Items, string? Next);
