using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Data;

/// <summary>What clients say of the numbers of a dataset, which is JSON of any shape, as names with values.</summary>
internal static class ProfileText
{
    private const int MostValues = 200;
    private const int DeepestLevel = 6;

    /// <summary>Members of members are named with dots; none for what is no JSON.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string? profile)
    {
        if (string.IsNullOrEmpty(profile))
        {
            return [];
        }
        try
        {
            using var json = JsonDocument.Parse(profile);
            return [.. Values("", json.RootElement, 0).Take(MostValues)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Values(string name, JsonElement value, int level) => value.ValueKind switch
    {
        JsonValueKind.Object when level < DeepestLevel => value.EnumerateObject().SelectMany(member => Values(name.Length == 0 ? member.Name : $"{name}.{member.Name}", member.Value, level + 1)),
        JsonValueKind.Array when level < DeepestLevel => value.EnumerateArray().SelectMany((item, at) => Values(string.Create(CultureInfo.InvariantCulture, $"{name}[{at}]"), item, level + 1)),
        JsonValueKind.Number when value.TryGetDouble(out var number) => [KeyValuePair.Create(name, Figures.Text(number))],
        JsonValueKind.String => [KeyValuePair.Create(name, value.GetString()!)],
        JsonValueKind.Null => [],
        _ => [KeyValuePair.Create(name, value.GetRawText())],
    };
}
