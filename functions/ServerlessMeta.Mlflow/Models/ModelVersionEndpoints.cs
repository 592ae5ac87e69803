using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Models;

/// <summary><c>/mlflow/model-versions/...</c>; <see cref="RegistrySearchEndpoints"/> has the search.</summary>
internal static class ModelVersionEndpoints
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Post("model-versions/create", CreateAsync,
            "Register a version of a model: name, source, run_id, tags, run_link, description, model_id. Answers model_version. With the header Idempotency-Key it may be repeated.");
        routes.Get("model-versions/get", GetAsync, "A version: name, version. Answers model_version, with params and metrics of its logged model.");
        routes.Patch("model-versions/update", UpdateAsync, "Change a version: name, version, description.");
        routes.Delete("model-versions/delete", DeleteAsync, "Delete a version: name, version. It loses its aliases; its number is not given again.");
        routes.Get("model-versions/get-download-uri", GetDownloadUriAsync, "Where the files of a version lie: name, version. Answers artifact_uri.");
        routes.Post("model-versions/transition-stage", TransitionAsync, "Move a version to a stage: name, version, stage, archive_existing_versions. All that it moves, it moves at once.");
        routes.Post("model-versions/set-tag", SetTagAsync, "Set a tag: name, version, key, value (up to 100,000 characters).");
        routes.Delete("model-versions/delete-tag", DeleteTagAsync, "Delete a tag: name, version, key.");
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        var name = request.Required("name");
        var wanted = new NewModelVersion(ModelRules.SourceOf(request))
        {
            Run = request.Text("run_id") is { Length: > 0 } run ? Rules.RunOf(run, request) : null,
            LoggedModel = request.Text("model_id") is { Length: > 0 } model ? Rules.LoggedModelOf(model, request) : null,
            RunLink = ModelRules.LinkOf(request),
            Description = ModelRules.DescriptionOf(request),
            Tags = ModelRules.TagsOf(request),
            IdempotencyKey = Rules.IdempotencyKeyOf(request),
        };
        // A prompt has no files, so its source is a word.
        if (!request.IsFaulty && !ModelRules.IsPrompt(wanted.Tags) && !(ModelSources.IsLocal(wanted.Source) && await request.Service<ModelStore>().FindAsync(name, request.Aborted) is { IsOk: true, Value: var known } && ModelRules.IsPrompt(known.Tags)))
        {
            wanted = await ModelSources.ReadAsync(wanted, request);
        }
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, await request.Service<ModelVersionStore>().CreateAsync(name, wanted, request.Aborted)));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : RegistryJson.AnswerAsync(request, OfVersion(await request.Service<ModelVersionStore>().FindAsync(name, version, request.Aborted), name, version)));
    }

    private static async Task UpdateAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        var description = ModelRules.DescriptionOf(request);
        await (request.IsFaulty
            ? request.AnswerAsync(request.Fault)
            : RegistryJson.AnswerAsync(request, OfVersion(await request.Service<ModelVersionStore>().UpdateAsync(name, version, description, null, null, request.Aborted), name, version)));
    }

    private static async Task DeleteAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync(OfVersion(await request.Service<ModelVersionStore>().DeleteAsync(name, version, request.Aborted), name, version).Failure));
    }

    private static async Task GetDownloadUriAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = OfVersion(await request.Service<ModelVersionStore>().FindAsync(name, version, request.Aborted), name, version);
        await (found.IsOk
            ? request.AnswerAsync(found.Value.Version, static (json, version) => json.WriteString("artifact_uri"u8, version.Location ?? version.Source))
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static async Task TransitionAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        var text = request.Required("stage");
        var stage = text.Length > 0 ? ModelRules.StageOf(text, request) : ModelStage.None;
        var archive = request.Body.Flag("archive_existing_versions", "archive_existing_versions", request);
        if (archive is null)
        {
            request.Refuse(MlflowError.Missing("archive_existing_versions"));
        }
        if (archive is true && stage is ModelStage.None or ModelStage.Archived)
        {
            request.Refuse(MlflowError.Invalid(
                $"Model version transition cannot archive existing model versions because '{Rules.Cut(text, 300)}' is not an Active stage. Valid stages are ['{ModelStage.Staging}', '{ModelStage.Production}']"));
        }
        await (request.IsFaulty
            ? request.AnswerAsync(request.Fault)
            : RegistryJson.AnswerAsync(request, OfVersion(await request.Service<ModelAliasStore>().TransitionAsync(name, version, stage, archive!.Value, MoveTerms.None, request.Aborted), name, version)));
    }

    private static async Task SetTagAsync(MlflowRequest request)
    {
        var (name, version) = (request.Required("name"), ModelRules.VersionOf(request));
        var tag = ModelRules.TagOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync(OfVersion(await request.Service<ModelVersionStore>().SetTagAsync(name, version, tag, request.Aborted), name, version).Failure));
    }

    private static async Task DeleteTagAsync(MlflowRequest request)
    {
        var (name, version, key) = (request.Required("name"), ModelRules.VersionOf(request), request.Required("key"));
        Rules.CheckKey(key, "key", request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync(OfVersion(await request.Service<ModelVersionStore>().DeleteTagAsync(name, version, key, request.Aborted), name, version).Failure));
    }

    // Who asks for a version is told of the version, also when there is no such model.
    private static Result<T> OfVersion<T>(Result<T> found, string name, int version) =>
        found.Failure is Failure.NotFound { Kind: "RegisteredModel" } ? new Failure.NotFound("ModelVersion", $"name={name}, version={version}") : found;
}
