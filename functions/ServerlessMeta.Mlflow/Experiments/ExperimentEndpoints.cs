using System.Collections.Immutable;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Experiments;
using ServerlessMeta.Mlflow.Artifacts;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Experiments;

/// <summary><c>/mlflow/experiments/...</c></summary>
internal static class ExperimentEndpoints
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Post("experiments/create", CreateAsync, "Create an experiment: name, artifact_location, tags. Answers experiment_id.");
        routes.Get("experiments/get", GetAsync, "An experiment by experiment_id.");
        routes.Get("experiments/get-by-name", GetByNameAsync, "An experiment by experiment_name.");
        routes.GetOrPost("experiments/search", SearchAsync, "Experiments that match: filter, order_by, view_type, max_results, page_token.");
        routes.Post("experiments/update", UpdateAsync, "Rename an experiment: experiment_id, new_name.");
        routes.Post("experiments/delete", request => MoveAsync(request, static (store, id, ct) => store.DeleteAsync(id, ct)), "Delete an experiment and its runs.");
        routes.Post("experiments/restore", request => MoveAsync(request, static (store, id, ct) => store.RestoreAsync(id, ct)), "Restore an experiment and its runs.");
        routes.Post("experiments/set-experiment-tag", SetTagAsync, "Set a tag: experiment_id, key, value.");
        routes.Post("experiments/delete-experiment-tag", DeleteTagAsync, "Delete a tag: experiment_id, key.");
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        var name = NameOf("name", request);
        var location = request.Text("artifact_location");
        CheckLocation(location, request);
        var tags = ImmutableArray.CreateBuilder<Tag>();
        var fields = request.Body.List("tags", request);
        for (var i = 0; i < fields.Count; i++)
        {
            tags.Add(TagOf(fields[i].Text("key", $"tags[{i}].key", request) ?? "", fields[i].Text("value", $"tags[{i}].value", request) ?? "", $"tags[{i}].", request));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var made = await request.Service<ExperimentStore>().CreateAsync(
            new NewExperiment(name, string.IsNullOrEmpty(location) ? null : location.TrimEnd('/'), tags.ToImmutable()), request.Aborted);
        await (made.IsOk
            ? request.AnswerAsync(made.Value.Id, static (json, id) => json.WriteString("experiment_id"u8, id.ToString()))
            : request.AnswerAsync(MlflowError.From(made.Failure)));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var id = Rules.ExperimentOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault)
            : await request.Service<ExperimentStore>().FindAsync(id, request.Aborted) is { } found ? AnswerAsync(request, found)
            : request.AnswerAsync(MlflowError.From(new Failure.NotFound("Experiment", id.ToString()))));
    }

    private static async Task GetByNameAsync(MlflowRequest request)
    {
        var name = request.Required("experiment_name");
        await (request.IsFaulty ? request.AnswerAsync(request.Fault)
            : await request.Service<ExperimentStore>().FindByNameAsync(name, request.Aborted) is { } found ? AnswerAsync(request, found)
            : request.AnswerAsync(MlflowError.NotFound($"Could not find experiment with name '{name}'")));
    }

    private static async Task SearchAsync(MlflowRequest request)
    {
        var max = request.Size("max_results", 1000, 50_000);
        var stages = Rules.StagesOf("view_type", request);
        var token = request.Text("page_token");
        var query = RecordQuery.Parse(request.Text("filter"), request.Texts("order_by"), ExperimentSchema.Schema);
        if (query.Failure is { } invalid)
        {
            request.Refuse(MlflowError.From(invalid));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<ExperimentSearch>().SearchAsync(query.Value, stages, max, token, request.Aborted);
        await (found.IsOk
            ? request.AnswerAsync(found.Value, static (json, page) =>
            {
                json.WriteList("experiments"u8, page.Items, ExperimentJson.Write);
                json.WriteString("next_page_token"u8, page.Next);
            })
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static async Task UpdateAsync(MlflowRequest request)
    {
        var id = Rules.ExperimentOf(request);
        var name = request.Text("new_name");
        if (!string.IsNullOrEmpty(name))
        {
            Rules.CheckLength(name, Rules.ExperimentNameLength, "new_name", request);
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var store = request.Service<ExperimentStore>();
        if (string.IsNullOrEmpty(name))
        {
            await request.AnswerAsync(await store.FindAsync(id, request.Aborted) is null ? new Failure.NotFound("Experiment", id.ToString()) : null);
            return;
        }
        await AnswerAsync(request, await store.RenameAsync(id, name, request.Aborted));
    }

    private static async Task MoveAsync(MlflowRequest request, Func<ExperimentStore, ExperimentId, CancellationToken, Task<Result<Experiment>>> move)
    {
        var id = Rules.ExperimentOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : AnswerAsync(request, await move(request.Service<ExperimentStore>(), id, request.Aborted)));
    }

    private static async Task SetTagAsync(MlflowRequest request)
    {
        var id = Rules.ExperimentOf(request);
        var tag = TagOf(request.Required("key"), request.Text("value") ?? "", "", request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : AnswerAsync(request, await request.Service<ExperimentStore>().SetTagAsync(id, tag, request.Aborted)));
    }

    private static async Task DeleteTagAsync(MlflowRequest request)
    {
        var id = Rules.ExperimentOf(request);
        var key = request.Required("key");
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : AnswerAsync(request, await request.Service<ExperimentStore>().DeleteTagAsync(id, key, request.Aborted)));
    }

    private static Task AnswerAsync(MlflowRequest request, Experiment experiment) => request.AnswerAsync(experiment, static (json, found) =>
    {
        json.WriteStartObject("experiment"u8);
        ExperimentJson.Write(json, found);
        json.WriteEndObject();
    });

    private static Task AnswerAsync(MlflowRequest request, Result<Experiment> changed) =>
        request.AnswerAsync(changed.Failure);

    private static string NameOf(string parameter, MlflowRequest request)
    {
        var name = request.Required(parameter);
        Rules.CheckLength(name, Rules.ExperimentNameLength, parameter, request);
        return name;
    }

    private static Tag TagOf(string key, string value, string path, MlflowRequest request)
    {
        Rules.CheckKey(key, path + "key", request);
        Rules.CheckLength(value, Rules.ExperimentTagLength, path + "value", request);
        return new Tag(key, value);
    }

    private static void CheckLocation(string? location, MlflowRequest request)
    {
        if (string.IsNullOrEmpty(location))
        {
            return;
        }
        if (location.AsSpan().ContainsAny("#?;"))
        {
            request.Refuse(MlflowError.Invalid("'artifact_location' URL can't include fragments or params."));
        }
        if (location.StartsWith("runs:", StringComparison.OrdinalIgnoreCase))
        {
            request.Refuse(MlflowError.Invalid($"Artifact location cannot be a runs:/ URI. Given: '{Rules.Cut(location, 300)}'"));
        }
        Rules.CheckLength(location, 2048, "artifact_location", request);
        if (location.StartsWith(ArtifactRules.Scheme + ":", StringComparison.OrdinalIgnoreCase)
            && request.Service<ArtifactLocations>().Find(location)?.Below(ArtifactRules.LongestOwnFolder) is not { IsOk: true })
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(location), "artifact_location", "It names no folder of this store that has room for the names of runs and their files."));
        }
    }
}
