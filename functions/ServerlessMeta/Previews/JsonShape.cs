using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>The keys of a JSON document in their order, and what they hold.</summary>
public sealed record JsonShape(ImmutableArray<JsonShapeLine> Lines, bool Complete);
