using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary><c>runs/log-inputs</c>.</summary>
internal static class RunInputs
{
    private const int NameLength = Rules.DatasetNameLength;
    private const int DigestLength = Rules.DatasetDigestLength;
    private const int SourceLength = 65_535;
    private const int SchemaLength = 1_048_575;
    private const int ProfileLength = 16_777_215;
    private const int MaxDatasets = 1000;
    private const int MaxModels = 1000;
    private const int MaxTags = 100;
    private const int TagKeyLength = 255;
    private const int TagValueLength = 500;

    public static async Task LogAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var datasets = ImmutableArray.CreateBuilder<DatasetInput>();
        var items = request.Body.List("datasets", request);
        Rules.CheckCount(items.Count, MaxDatasets, "datasets", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            datasets.Add(DatasetOf(items[i], $"datasets[{i}].", request));
        }
        var models = ImmutableArray.CreateBuilder<ModelInput>();
        items = request.Body.List("models", request);
        Rules.CheckCount(items.Count, MaxModels, "models", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            models.Add(new ModelInput(Limited(items[i].Required("model_id", $"models[{i}].model_id", request), RunOutputs.ModelIdLength, $"models[{i}].model_id", request)!));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var logged = await request.Service<DatasetLineage>().LogInputsAsync(id, datasets.ToImmutable(), models.ToImmutable(), request.Aborted);
        await request.AnswerAsync(logged.Failure);
    }

    private static DatasetInput DatasetOf(JsonFields input, string path, MlflowRequest request)
    {
        var dataset = input.Object("dataset");
        var at = path + "dataset.";
        var tags = ImmutableArray.CreateBuilder<Tag>();
        var items = input.List("tags", request);
        Rules.CheckCount(items.Count, MaxTags, path + "tags", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var (key, value) = ($"{path}tags[{i}].key", $"{path}tags[{i}].value");
            tags.Add(new Tag(Limited(items[i].Required("key", key, request), TagKeyLength, key, request)!, Limited(items[i].Text("value", value, request), TagValueLength, value, request) ?? ""));
        }
        return new DatasetInput(
            Limited(dataset.Required("name", at + "name", request), NameLength, at + "name", request)!,
            Limited(dataset.Required("digest", at + "digest", request), DigestLength, at + "digest", request)!,
            Limited(dataset.Required("source_type", at + "source_type", request), NameLength, at + "source_type", request)!,
            Limited(dataset.Required("source", at + "source", request), SourceLength, at + "source", request)!,
            Limited(dataset.Text("schema", at + "schema", request), SchemaLength, at + "schema", request),
            Limited(dataset.Text("profile", at + "profile", request), ProfileLength, at + "profile", request),
            tags.ToImmutable());
    }

    private static string? Limited(string? text, int length, string path, MlflowRequest request)
    {
        Rules.CheckLength(text ?? "", length, path, request);
        return text;
    }
}
