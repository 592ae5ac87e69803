using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What clients say of a dataset in JSON of their own, as far as it can be read; what cannot is left out.</summary>
internal static class DatasetReader
{
    private const int ColumnsShown = 200;
    private const int LongestSource = 2000;

    // Where clients put the list of columns: at the top, or below the name of their kind of dataset.
    private static readonly string[] ListNames = ["columns", "mlflow_colspec", "mlflow_tensorspec"];

    public static DatasetLine Read(DatasetInput dataset, string contextTag) => new(
        dataset.Name, dataset.Digest, dataset.Tags.LastOrDefault(tag => tag.Key == contextTag).Value, dataset.SourceType, SourceOf(dataset.Source), ColumnsOf(dataset.Schema), ProfileOf(dataset.Profile));

    private static string SourceOf(string source) => Parse(source) is { ValueKind: JsonValueKind.Object } parts
        ? First(parts, "uri", "path", "url", "table_name", "table", "name") is { } place ? LocationSecrets.Drop(place) : Cut(LocationSecrets.Drop(source))
        : Cut(LocationSecrets.Drop(source));

    private static ImmutableArray<Tag> ColumnsOf(string? schema)
    {
        if (Parse(schema) is not { } root)
        {
            return [];
        }
        var list = root.ValueKind is JsonValueKind.Array ? root
            : root.ValueKind is JsonValueKind.Object ? ListNames.Select(name => root.TryGetProperty(name, out var found) ? found : default).FirstOrDefault(static found => found.ValueKind is JsonValueKind.Array) : default;
        return list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Take(ColumnsShown).Select(static (column, place) => ColumnOf(column, place))] : [];
    }

    private static Tag ColumnOf(JsonElement column, int place) => column.ValueKind is JsonValueKind.Object
        ? new Tag(First(column, "name") ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place + 1}"), First(column, "type", "dtype") ?? "")
        : new Tag(column.ToString(), "");

    private static ImmutableArray<Tag> ProfileOf(string? profile) => Parse(profile) is { ValueKind: JsonValueKind.Object } root
        ? [.. root.EnumerateObject().Where(static one => one.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String).Take(20).Select(static one => new Tag(one.Name, Cut(one.Value.ToString())))]
        : [];

    private static string? First(JsonElement parts, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parts.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String)
            {
                return value.GetString();
            }
        }
        return null;
    }

    private static JsonElement? Parse(string? text)
    {
        try
        {
            return text is { Length: > 1 } && text[0] is '{' or '[' ? JsonDocument.Parse(text!).RootElement : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Cut(string text) => text.Length > LongestSource ? text[..LongestSource] + "…" : text;
}
