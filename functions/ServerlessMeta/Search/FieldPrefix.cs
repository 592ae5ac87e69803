using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>The words that may stand before the dot of a field; messages use the first one.</summary>
public sealed record FieldPrefix(FieldKind Kind, params ImmutableArray<string> Words);
