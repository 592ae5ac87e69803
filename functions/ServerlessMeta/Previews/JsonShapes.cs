using System.Collections.Immutable;
using System.Text.Json;

namespace ServerlessMeta.Previews;

/// <summary>Walks a JSON document for its shape; of an array only the first element.</summary>
internal static class JsonShapes
{
    private const int MaxPath = 1_000;

    public static JsonShape Of(JsonElement root)
    {
        var lines = ImmutableArray.CreateBuilder<JsonShapeLine>();
        var complete = Add(lines, "", root);
        return new JsonShape(lines.ToImmutable(), complete);
    }

    private static bool Add(ImmutableArray<JsonShapeLine>.Builder lines, string path, JsonElement value)
    {
        if (lines.Count >= PreviewLimits.ShapeLines || path.Length > MaxPath)
        {
            return false;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                lines.Add(new JsonShapeLine(path, "object", value.GetPropertyCount(), null));
                return value.EnumerateObject().All(member => Add(lines, path.Length == 0 ? JsonRecords.NameOf(member) : $"{path}.{JsonRecords.NameOf(member)}", member.Value));
            case JsonValueKind.Array:
                lines.Add(new JsonShapeLine(path, "array", value.GetArrayLength(), null));
                return value.GetArrayLength() == 0 || Add(lines, path + "[]", value[0]);
            case JsonValueKind.Null or JsonValueKind.Undefined:
                lines.Add(new JsonShapeLine(path, "null", null, null));
                return true;
            default:
                var type = value.ValueKind switch { JsonValueKind.String => "string", JsonValueKind.Number => "number", _ => "boolean" };
                lines.Add(new JsonShapeLine(path, type, null, JsonRecords.TextOf(value)));
                return true;
        }
    }
}
