using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>What a native query over models may name: <c>name</c>, <c>owner</c>, <c>author</c>, <c>created</c> and <c>updated</c> (Unix milliseconds), <c>tags.key</c>.</summary>
internal static class RegistryNativeSchema
{
    public static readonly FieldSchema Models = new()
    {
        Prefixes = [new FieldPrefix(FieldKind.Tag, ["tags", "tag"])],
        OrderKinds = [FieldKind.Attribute],
        Attributes =
        [
            new FieldDefinition(RegistryFields.Name, FieldType.Text, ["name"]),
            new FieldDefinition(RegistryFields.Owner, FieldType.Text, ["owner"]) { Comparators = Comparators.TextOrList | Comparators.IsNull | Comparators.IsNotNull, Orderable = false },
            new FieldDefinition(RegistryFields.Author, FieldType.Text, ["author"]) { Orderable = false },
            new FieldDefinition(RegistryFields.CreatedAt, FieldType.Number, ["created"]),
            new FieldDefinition(RegistryFields.UpdatedAt, FieldType.Number, ["updated"]),
        ],
    };
}
