using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>Finds the fields of filter and order in a schema.</summary>
internal sealed class FieldBinder(FieldSchema schema)
{
    public Result<BoundField> ForFilter(FieldName name) => Bind(name, "filter", static definition => definition.Filterable);

    public Result<BoundField> ForOrder(FieldName name)
    {
        var bound = Bind(name, "order_by", static definition => definition.Orderable);
        if (!bound.IsOk) return bound;

        var kind = bound.Value.Written;
        return kind is not FieldKind.Dataset && schema.OrderKinds.Contains(kind)
            ? bound
            : new Failure.Invalid("order_by", $"Invalid order_by entity type '{schema.NameOf(kind)}'");
    }

    private Result<BoundField> Bind(FieldName name, string source, Func<FieldDefinition, bool> allows)
    {
        if (KindOf(name.Prefix) is not { } kind)
        {
            var known = QueryText.List(schema.Prefixes.Select(static prefix => prefix.Words[0]));
            return new Failure.Invalid(source, $"Invalid entity type '{QueryText.Excerpt(name.Prefix)}'. Valid values are {known}");
        }

        if (kind is FieldKind.Attribute) return Defined(kind, "attribute", schema.Attributes, name.Key, source, allows);
        if (kind is FieldKind.Dataset) return Defined(kind, "dataset", schema.Datasets, name.Key, source, allows);
        if (name.Key.Length == 0) return new Failure.Invalid(source, $"Invalid {schema.NameOf(kind)} key '' specified.");
        return Keyed(kind, name.Key);
    }

    private FieldKind? KindOf(string? prefix) => prefix is null ? FieldKind.Attribute : schema.KindOf(prefix);

    private static Result<BoundField> Defined(
        FieldKind kind, string word, ImmutableArray<FieldDefinition> definitions, string key, string source, Func<FieldDefinition, bool> allows)
    {
        if (FieldSchema.Find(definitions, key) is { } found && allows(found))
        {
            var type = kind is FieldKind.Dataset ? FieldType.Text : found.Type;
            return new BoundField(new Field(kind, found.Key), kind, type, found.Comparators, key) { ValueAliases = found.ValueAliases };
        }

        var valid = QueryText.Set(definitions.Where(allows).SelectMany(static definition => definition.Spellings));
        return new Failure.Invalid(source, $"Invalid {word} key '{QueryText.Excerpt(key)}' specified. Valid keys are '{valid}'");
    }

    private BoundField Keyed(FieldKind kind, string key) => kind switch
    {
        FieldKind.Metric => new BoundField(new Field(kind, key), kind, FieldType.Number, schema.MetricComparators, key),
        // In no ecosystem does case tell packages apart.
        FieldKind.Package => new BoundField(new Field(kind, key.ToLowerInvariant()), kind, FieldType.Version, schema.PackageComparators, key),
        FieldKind.Param => new BoundField(new Field(kind, key), kind, FieldType.Text, schema.ParamComparators, key),
        _ when schema.TagAliases.TryGetValue(key, out var attribute) =>
            new BoundField(new Field(FieldKind.Attribute, attribute), kind, FieldType.Text, schema.TagComparators, key),
        _ => new BoundField(new Field(kind, key), kind, FieldType.Text, schema.TagComparators, key)
        {
            Default = schema.TagDefaults.GetValueOrDefault(key),
        },
    };
}
