using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Previews;

/// <summary>A JSON document: a confusion matrix or a table if it is one, else its shape.</summary>
internal static class JsonPreview
{
    public static async Task<Preview> MakeAsync(ContentStream content, string language, CancellationToken ct)
    {
        if (content.Length > PreviewLimits.JsonBytes)
        {
            return await JsonElements.MakeAsync(content, ct)
                ?? await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, $"The document is not described: it has more than {PreviewLimits.JsonBytes >> 20} MiB and is no list of records.", ct);
        }
        if (await content.ReadAllAsync(PreviewLimits.JsonBytes, ct) is not { } bytes)
        {
            return Preview.None($"The reading ended {content.Budget.Limit}.");
        }
        try
        {
            using var document = JsonDocument.Parse(JsonText.ToUtf8(bytes), JsonRecords.Options);
            return Describe(document.RootElement, content.Budget);
        }
        catch (JsonException)
        {
            return await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, $"It is no JSON, or nested more than {PreviewLimits.JsonDepth} deep.", ct);
        }
    }

    private static Preview Describe(JsonElement root, PreviewBudget budget)
    {
        if (MatrixReader.Read(root) is { } matrix)
        {
            return new Preview { Kind = PreviewKind.ConfusionMatrix, Matrix = matrix };
        }
        if (root.ValueKind is JsonValueKind.Array)
        {
            return TableOf(root, [], budget);
        }
        if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("columns", out var columns) && columns.ValueKind is JsonValueKind.Array
            && root.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Array && data.EnumerateArray().All(static row => row.ValueKind is JsonValueKind.Array))
        {
            return TableOf(data, columns.EnumerateArray(), budget);
        }
        return new Preview { Kind = PreviewKind.Json, Json = JsonShapes.Of(root) };
    }

    private static Preview TableOf(JsonElement rows, IEnumerable<JsonElement> columns, PreviewBudget budget)
    {
        var table = new TableBuilder();
        foreach (var column in columns)
        {
            table.AddColumn(JsonRecords.TextOf(column));
        }
        foreach (var row in rows.EnumerateArray())
        {
            if (budget.IsSpent())
            {
                break;
            }
            JsonRecords.AddRow(table, row);
        }
        return JsonRecords.Table(table, budget.Limit);
    }
}
