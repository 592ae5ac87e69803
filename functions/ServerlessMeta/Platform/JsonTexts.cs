using System.Text.Json;
using System.Text.Unicode;

namespace ServerlessMeta.Platform;

/// <summary>Whether JSON holds text only that can be stored.</summary>
public static class JsonTexts
{
    /// <summary>Whether every name and text in an element can be read: escapes can spell lone surrogates, which are in no UTF-8.</summary>
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

    /// <summary>The same of what was parsed from some bytes. It rarely has to be walked through: only an escape spells a lone surrogate in UTF-8.</summary>
    public static bool IsText(JsonElement parsed, ReadOnlySpan<byte> from) =>
        (from.IndexOf("\\ud"u8) < 0 && from.IndexOf("\\uD"u8) < 0 && Utf8.IsValid(from)) || IsText(parsed);
}
