using System.Text.Json;

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
}
