using System.Buffers;
using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.LoggedModels;

/// <summary><c>/mlflow/logged-models...</c>; <see cref="LoggedModelSearchEndpoint"/> has the search.</summary>
internal static class LoggedModelEndpoints
{
    private const string ModelId = "model_id";
    private const string TagKey = "tag_key";
    private const int NameLength = 500;
    private const int TypeLength = 500;
    private const int SourceRunLength = 256;
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/:.%\"'");

    public static void Map(MlflowRoutes routes)
    {
        routes.Post("logged-models", CreateAsync, "Create a logged model: experiment_id, name, model_type, source_run_id, params, tags. Answers model. With the header Idempotency-Key it may be repeated.");
        routes.Get($"logged-models/{{{ModelId}}}", GetAsync, "A logged model, with its params, tags and metrics; a deleted one only with allow_deleted=true.");
        routes.Patch($"logged-models/{{{ModelId}}}", FinalizeAsync, "Say how the upload of a logged model ended: status. Answers model.");
        routes.Delete($"logged-models/{{{ModelId}}}", DeleteAsync, "Delete a logged model.");
        routes.Patch($"logged-models/{{{ModelId}}}/tags", SetTagsAsync, "Set tags of a logged model: tags.");
        routes.Delete($"logged-models/{{{ModelId}}}/tags/{{**{TagKey}}}", DeleteTagAsync, "Delete a tag of a logged model.");
        routes.Post($"logged-models/{{{ModelId}}}/params", LogParamsAsync, "Add params to a logged model, each once: params.");
        LoggedModelSearchEndpoint.Map(routes);
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        var experiment = Rules.ExperimentOf(request);
        var name = NameOf(request);
        var wanted = new NewLoggedModel(experiment, name)
        {
            Type = Limited("model_type", TypeLength, request),
            SourceRunId = Limited("source_run_id", SourceRunLength, request),
            Params = ParamsOf(request),
            Tags = TagsOf(request),
            IdempotencyKey = Rules.IdempotencyKeyOf(request),
        };
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : AnswerAsync(request, await request.Service<LoggedModelStore>().CreateAsync(wanted, request.Aborted)));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var deletedToo = string.Equals(request.Text("allow_deleted"), "true", StringComparison.OrdinalIgnoreCase);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<LoggedModelStore>().FindAsync(id, request.Aborted);
        await AnswerAsync(request, found is not null && (deletedToo || found.Stage is LifecycleStage.Active) ? found : new Failure.NotFound("LoggedModel", id.ToString()));
    }

    private static async Task FinalizeAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var status = StatusOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : AnswerAsync(request, await request.Service<LoggedModelStore>().SetStatusAsync(id, status, request.Aborted)));
    }

    private static async Task DeleteAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<LoggedModelStore>().DeleteAsync(id, request.Aborted)).Failure));
    }

    private static async Task SetTagsAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var tags = TagsOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<LoggedModelStore>().SetTagsAsync(id, tags, request.Aborted)).Failure));
    }

    private static async Task DeleteTagAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var key = request.Path(TagKey);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var deleted = await request.Service<LoggedModelStore>().DeleteTagAsync(id, key, request.Aborted);
        await (deleted.Failure is Failure.NotFound { Kind: "Tag" }
            ? request.AnswerAsync(MlflowError.NotFound($"No tag with key '{Rules.Cut(key, 300)}' found for model with ID '{id}'."))
            : request.AnswerAsync(deleted.Failure));
    }

    private static async Task LogParamsAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var parameters = ParamsOf(request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var logged = await request.Service<LoggedModelStore>().LogParamsAsync(id, parameters, request.Aborted);
        await (logged.Failure is Failure.ParamsChanged changed ? request.AnswerAsync(MlflowError.OfModelParams(changed)) : request.AnswerAsync(logged.Failure));
    }

    private static Task AnswerAsync(MlflowRequest request, Result<LoggedModel> model) => model.IsOk
        ? request.AnswerAsync(model.Value, static (json, model) =>
        {
            json.WriteStartObject("model"u8);
            LoggedModelJson.Write(json, model);
            json.WriteEndObject();
        })
        : request.AnswerAsync(MlflowError.From(model.Failure));

    private static LoggedModelId IdOf(MlflowRequest request) => Rules.LoggedModelOf(request.Path(ModelId), request);

    private static string NameOf(MlflowRequest request)
    {
        if (request.Text("name") is not { Length: > 0 } name)
        {
            return RunNames.Next();
        }
        if (name.AsSpan().ContainsAny(NotInNames))
        {
            request.Refuse(MlflowError.Invalid(
                $"Invalid model name ('{Rules.Cut(name, 300)}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")"));
        }
        Rules.CheckLength(name, NameLength, "name", request);
        return name;
    }

    private static string? Limited(string name, int length, MlflowRequest request)
    {
        var text = request.Text(name);
        Rules.CheckLength(text ?? "", length, name, request);
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static ImmutableArray<Tag> TagsOf(MlflowRequest request)
    {
        // Of equal keys the last wins.
        var tags = new OrderedDictionary<string, Tag>(StringComparer.Ordinal);
        var items = request.Body.List("tags", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var tag = RunRules.TagOf(items[i], $"tags[{i}].", request);
            tags[tag.Key] = tag;
        }
        return [.. tags.Values];
    }

    private static ImmutableArray<Tag> ParamsOf(MlflowRequest request)
    {
        var parameters = new OrderedDictionary<string, Tag>(StringComparer.Ordinal);
        var items = request.Body.List("params", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var param = RunRules.ParamOf(items[i], $"params[{i}].", request);
            if (!parameters.TryAdd(param.Key, param))
            {
                request.Refuse(MlflowError.Invalid($"Duplicate parameter keys have been submitted: ['{param.Key}']. Please ensure the request contains only one param value per param key."));
            }
        }
        return [.. parameters.Values];
    }

    private static LoggedModelStatus StatusOf(MlflowRequest request)
    {
        if (request.Body.Member("status", "status", request) is not { Length: > 0 } text)
        {
            request.Refuse(MlflowError.Missing("status"));
            return default;
        }
        foreach (var status in Enum.GetValues<LoggedModelStatus>())
        {
            if (LoggedModelJson.Status(status) == text || ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture) == text)
            {
                return status;
            }
        }
        request.Refuse(MlflowRequest.Invalid(Rules.Quote(text), "status"));
        return default;
    }
}
