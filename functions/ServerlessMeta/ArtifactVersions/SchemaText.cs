using System.Text;
using System.Text.Json;
using ServerlessMeta.Platform;

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
            return JsonTexts.IsText(parsed.RootElement) ? null : "A lone surrogate is no text.";
        }
        catch (JsonException)
        {
            return $"A schema is JSON, nested up to {Depth} deep.";
        }
    }
}
