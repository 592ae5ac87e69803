using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;

namespace ServerlessMeta.Live;

/// <summary>Where each source of a subject stood: opaque, and bound to the subject.</summary>
internal static class LiveCursor
{
    private const int LongestText = 4096;

    public static string Write(string subject, IEnumerable<string> positions) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes([subject, .. positions], LiveJson.Default.StringArray));

    /// <returns>The positions; none when the cursor is of another subject or none of ours: then everything counts as changed.</returns>
    public static ImmutableArray<string> Read(string subject, string cursor)
    {
        if (cursor.Length > LongestText || !Base64Url.IsValid(cursor))
        {
            return [];
        }
        try
        {
            var parts = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(cursor), LiveJson.Default.StringArray);
            return parts is [var of, .. var positions] && of == subject && positions.All(static one => one is not null) ? [.. positions] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
