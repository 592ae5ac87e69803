using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>An attribute, or an attribute of datasets, that queries may name.</summary>
/// <param name="Key">The canonical name, as in <see cref="Field.Key"/>.</param>
/// <param name="Type">Text or number.</param>
/// <param name="Spellings">How queries write it; spellings that are no plain word must be quoted there (<c>"run name"</c>).</param>
public sealed record FieldDefinition(string Key, FieldType Type, params ImmutableArray<string> Spellings)
{
    public Comparators Comparators { get; init; } = Type is FieldType.Number ? Comparators.Number : Comparators.TextOrList;

    /// <summary>False for a field that only orders.</summary>
    public bool Filterable { get; init; } = true;

    public bool Orderable { get; init; } = true;

    /// <summary>Other spellings of values, in =, != and lists: what a query may write to what the records have.</summary>
    public ImmutableDictionary<string, string> ValueAliases { get; init; } = ImmutableDictionary<string, string>.Empty;
}
