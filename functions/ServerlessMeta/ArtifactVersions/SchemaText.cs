using System.Text;
using System.Text.Json;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What a version keeps as its schema.</summary>
internal static class SchemaText
{
    public const int Bytes = 60 * 1024;
    private const int Depth = 32;

    /// <summary>What is wrong with the schema; null when nothing is.</summary>
    public static string? Refuse(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > Bytes)
        {
            return $"A schema has up to {Bytes} bytes of JSON; what is larger belongs into a file of its own.";
        }
        try
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
            return IsText(parsed.RootElement) ? null : "A lone surrogate is no text.";
        }
        catch (JsonException)
        {
            return $"A schema is JSON, nested up to {Depth} deep.";
        }
    }

    /// <summary>Whether every text in it can be read: escapes can spell lone surrogates.</summary>
    public static bool IsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(static member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
