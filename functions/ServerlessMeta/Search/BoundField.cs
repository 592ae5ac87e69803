using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>A field that the schema knows, with what it allows. <paramref name="Spelling"/> is how the query wrote its key.</summary>
internal sealed record BoundField(Field Field, FieldKind Written, FieldType Type, Comparators Comparators, string Spelling)
{
    /// <summary>Other spellings of values; null for none.</summary>
    public ImmutableDictionary<string, string>? ValueAliases { get; init; }

    /// <summary>What a missing tag reads as in = and !=; null for nothing.</summary>
    public string? Default { get; init; }
}
