using System.Text.Json;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Columns in a schema: a list of objects with a <c>name</c> and mostly a <c>type</c>, itself the schema or a member of it.</summary>
internal static class SchemaColumns
{
    /// <summary>Names with types in the order of the schema; an empty list for no schema, null for one that is no list of columns.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(string? schema)
    {
        if (schema is null)
        {
            return [];
        }
        using var json = JsonDocument.Parse(schema);
        var root = json.RootElement;
        if (root.ValueKind is JsonValueKind.Object)
        {
            root = root.EnumerateObject().Select(static member => member.Value).FirstOrDefault(IsColumns);
        }
        return IsColumns(root) ? [.. root.EnumerateArray().Select(static column => KeyValuePair.Create(column.GetProperty("name").GetString()!, TypeOf(column)))] : null;
    }

    public static bool AreEqual(string? one, string? other)
    {
        if (one is null || other is null || one == other)
        {
            return one == other;
        }
        using var first = JsonDocument.Parse(one);
        using var second = JsonDocument.Parse(other);
        try
        {
            return JsonElement.DeepEquals(first.RootElement, second.RootElement);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A number with an exponent beyond 32 bits is not compared by its value.
            return false;
        }
    }

    private static bool IsColumns(JsonElement list) => list.ValueKind is JsonValueKind.Array
        && list.EnumerateArray().All(static column => column.ValueKind is JsonValueKind.Object && column.TryGetProperty("name", out var name) && name.ValueKind is JsonValueKind.String);

    private static string TypeOf(JsonElement column) =>
        !column.TryGetProperty("type", out var type) ? "" : type.ValueKind is JsonValueKind.String ? type.GetString()! : type.GetRawText();
}
