using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>A model, or a version of it, as a query sees it. It notes when the query asked for a tag whose value is not at hand.</summary>
internal sealed class RegistryHit(ImmutableArray<Field> fields, RegisteredModel model, ModelVersion? version, ImmutableArray<Tag>? all = null) : IFieldSource
{
    public RegisteredModel Model => model;

    public ModelVersion? Version => version;

    /// <summary>Whether the query came to a large tag, so that what it said does not count.</summary>
    public bool IsUnsure { get; private set; }

    public bool TryNumber(int field, out double value)
    {
        double? found = fields[field] switch
        {
            { Kind: FieldKind.Attribute, Key: RegistryFields.CreatedAt } => (version?.CreatedAt ?? model.CreatedAt).ToUnixTimeMilliseconds(),
            { Kind: FieldKind.Attribute, Key: RegistryFields.UpdatedAt } => (version?.UpdatedAt ?? model.UpdatedAt).ToUnixTimeMilliseconds(),
            { Kind: FieldKind.Attribute, Key: RegistryFields.Number } => version?.Number,
            _ => null,
        };
        value = found ?? 0;
        return found is not null;
    }

    public string? Text(int field) => fields[field] switch
    {
        { Kind: FieldKind.Tag, Key: var key } => Tag(key),
        { Kind: FieldKind.Attribute, Key: RegistryFields.Name } => model.Name,
        { Kind: FieldKind.Attribute, Key: RegistryFields.Owner } => version is null ? model.Owner : version.Owner,
        { Kind: FieldKind.Attribute, Key: RegistryFields.Author } => version is null ? model.Author : version.Author,
        { Kind: FieldKind.Attribute, Key: RegistryFields.Run } => version?.Run?.ToString(),
        { Kind: FieldKind.Attribute, Key: RegistryFields.LoggedModel } => version?.LoggedModel?.ToString(),
        { Kind: FieldKind.Attribute, Key: RegistryFields.Source } => version?.Source,
        { Kind: FieldKind.Attribute, Key: RegistryFields.Stage } => version is null ? null : model.StageOf(version.Number).ToString(),
        _ => null,
    };

    public IReadOnlyList<string> Texts(int field) => [];

    private string? Tag(string key)
    {
        foreach (var tag in all ?? version?.Tags ?? model.Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }
        if (all is null && (version?.LargeTags ?? model.LargeTags).Any(tag => tag.Key == key))
        {
            IsUnsure = true;
        }
        return null;
    }
}
