using System.Collections.Immutable;

namespace ServerlessMeta.Search;

/// <summary>The fields that a dialect allows in a query. All names are compared ordinally, so case matters.</summary>
public sealed record FieldSchema
{
    /// <summary>The kinds of this entity, each with its prefix words. A kind that is absent cannot be named with a prefix.</summary>
    public required ImmutableArray<FieldPrefix> Prefixes { get; init; }

    public ImmutableArray<FieldDefinition> Attributes { get; init; } = [];

    /// <summary>The attributes of datasets, which are many-valued texts.</summary>
    public ImmutableArray<FieldDefinition> Datasets { get; init; } = [];

    public Comparators MetricComparators { get; init; } = Comparators.Number;

    /// <summary>Params compared with quoted texts.</summary>
    public Comparators ParamComparators { get; init; } = Comparators.OptionalText;

    /// <summary>Params compared with unquoted numbers; None refuses those.</summary>
    public Comparators ParamNumberComparators { get; init; } = Comparators.Number;

    public Comparators TagComparators { get; init; } = Comparators.OptionalText;

    public Comparators PackageComparators { get; init; } = Comparators.Version;

    /// <summary>The kinds that may order. Datasets never can: they are many-valued.</summary>
    public ImmutableArray<FieldKind> OrderKinds { get; init; } = [FieldKind.Attribute, FieldKind.Metric, FieldKind.Param, FieldKind.Tag, FieldKind.Package];

    /// <summary>Tags that really are attributes: tag key to <see cref="FieldDefinition.Key"/> of a text attribute.</summary>
    public ImmutableDictionary<string, string> TagAliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Tags that read as a given value where they are missing, in <c>=</c> and <c>!=</c> alone: the one exception to
    /// "a missing key never matches". With <c>flag -> false</c>, <c>!= 'true'</c> and <c>= 'false'</c> match records without the tag.
    /// </summary>
    public ImmutableDictionary<string, string> TagDefaults { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The name of a kind in messages.</summary>
    internal string NameOf(FieldKind kind)
    {
        foreach (var prefix in Prefixes)
        {
            if (prefix.Kind == kind && prefix.Words.Length > 0) return prefix.Words[0];
        }

        return kind.ToString().ToLowerInvariant();
    }

    internal FieldKind? KindOf(string prefix)
    {
        foreach (var candidate in Prefixes)
        {
            if (candidate.Words.Contains(prefix)) return candidate.Kind;
        }

        return null;
    }

    internal static FieldDefinition? Find(ImmutableArray<FieldDefinition> definitions, string spelling)
    {
        foreach (var definition in definitions)
        {
            if (definition.Spellings.Contains(spelling)) return definition;
        }

        return null;
    }
}
