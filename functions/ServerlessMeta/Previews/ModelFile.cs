using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;

namespace ServerlessMeta.Previews;

/// <summary>An <c>MLmodel</c> file: YAML with the flavors of a model and its signature, which is JSON in texts.</summary>
internal static class ModelFile
{
    private const string VersionSuffix = "_version";
    private const string PythonVersion = "python_version";

    public static async Task<Preview> MakeAsync(ContentStream content, string language, CancellationToken ct)
    {
        var bytes = await content.ReadAllAsync(PreviewLimits.YamlBytes, ct);
        if (bytes is null)
        {
            return await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, $"The model is not described: the file has more than {PreviewLimits.YamlBytes / 1024} KiB.", ct);
        }
        content.Position = 0;
        if (await TextExcerpt.MakeAsync(content, language, null, ct) is not { } text)
        {
            return Preview.None(TextEncoding.NotText);
        }
        try
        {
            if (YamlTree.Read(System.Text.Encoding.UTF8.GetString(bytes)) is { Fields.IsEmpty: false } root)
            {
                return new Preview { Kind = PreviewKind.Model, Model = Describe(root), Text = text };
            }
        }
        catch (YamlException)
        {
            // Shown as the text that it is.
        }
        return new Preview { Kind = PreviewKind.Text, Text = text with { Note = "The model is not described: the file is no YAML of a usual size and depth." } };
    }

    private static ModelPreview Describe(YamlTree root)
    {
        var flavors = root.Find("flavors")?.Fields ?? [];
        var signature = root.Find("signature");
        return new ModelPreview
        {
            Id = root.TextOf("model_id"),
            Uuid = root.TextOf("model_uuid"),
            RunId = root.TextOf("run_id"),
            CreatedAt = root.TextOf("utc_time_created"),
            SizeBytes = long.TryParse(root.TextOf("model_size_bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null,
            PythonVersion = flavors.Select(static flavor => flavor.Tree.TextOf(PythonVersion)).FirstOrDefault(static version => version is not null),
            Versions = [.. flavors.SelectMany(static flavor => flavor.Tree.Fields).Concat(root.Fields).Where(static field => field.Name.EndsWith(VersionSuffix, StringComparison.Ordinal) && field.Name != PythonVersion)
                .Where(static field => field.Tree.Text is not null)
                .Select(static field => new ModelProperty(CellText.Of(field.Name[..^VersionSuffix.Length]), CellText.Of(field.Tree.Text!))).Distinct()],
            Flavors = [.. flavors.Select(static flavor => new ModelFlavor(
                CellText.Of(flavor.Name),
                [.. flavor.Tree.Fields.Where(static field => field.Tree.Text is { Length: > 0 }).Select(static field => new ModelProperty(CellText.Of(field.Name), CellText.Of(field.Tree.Text!)))]))],
            Inputs = Signature(signature?.TextOf("inputs")),
            Outputs = Signature(signature?.TextOf("outputs")),
            Params = Signature(signature?.TextOf("params")),
        };
    }

    /// <summary>A list of <c>{"name", "type"}</c>, where a tensor has its type and shape in <c>"tensor-spec"</c>. What is not that has no fields.</summary>
    private static ImmutableArray<SignatureField> Signature(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "[]", JsonRecords.Options);
            return document.RootElement.ValueKind is JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Where(static field => field.ValueKind is JsonValueKind.Object).Take(PreviewLimits.Columns).Select(Field)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static SignatureField Field(JsonElement field)
    {
        var type = Text(field, "type") ?? "unknown";
        if (field.TryGetProperty("tensor-spec", out var tensor) && tensor.ValueKind is JsonValueKind.Object)
        {
            type = $"{Text(tensor, "dtype") ?? type} {(tensor.TryGetProperty("shape", out var shape) ? shape.GetRawText() : "")}".TrimEnd();
        }
        var required = !field.TryGetProperty("required", out var said) || said.ValueKind is not JsonValueKind.False;
        return new SignatureField(Text(field, "name"), CellText.Of(type), required);
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? JsonRecords.TextOf(value) : null;
}
