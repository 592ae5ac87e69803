using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Metrics;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary><c>/mlflow/runs/log-...</c> and tags: each call is stored whole or not at all, in one write that concurrent calls of the run share.</summary>
internal static class RunLogEndpoints
{
    private const int MaxMetrics = 1000;
    private const int MaxParams = 100;
    private const int MaxTags = 100;
    private const int MaxEntities = 1000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Post("runs/log-metric", LogMetricAsync, "Log a point: run_id, key, value, timestamp (Unix ms), step; with model_id, dataset_name, dataset_digest it is a metric of that logged model too. Repeating it changes nothing.");
        routes.Post("runs/log-parameter", LogParamAsync, "Log a param, once: run_id, key, value.");
        routes.Post("runs/log-batch", LogBatchAsync, "Log points, params and tags together: run_id, metrics, params, tags; up to 1,000 entities and 1,000,000 bytes.",
            MlflowRequest.MaxBatchBytes);
        routes.Post("runs/set-tag", SetTagAsync, "Set a tag: run_id, key, value.");
        routes.Post("runs/delete-tag", DeleteTagAsync, "Delete a tag: run_id, key.");
        routes.Post("runs/log-model", LoggedModelHistory.AppendAsync, "Note a logged model on its run (before MLflow 3): run_id, model_json.");
        routes.Post("runs/outputs", RunOutputs.LogAsync, "Note the logged models that a run makes: run_id, models (model_id, step).");
        routes.Post("runs/log-inputs", RunInputs.LogAsync, "Log the datasets and models that a run reads: run_id, datasets, models.");
    }

    private static Task LogMetricAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var point = RunRules.PointOf(request.Body, "", request);
        var models = new ModelPoints(id);
        models.Add(point, request.Body, "", request);
        return LogAsync(request, id, new RunLog([point], [], []), models);
    }

    private static Task LogParamAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var param = RunRules.ParamOf(request.Body, "", request);
        return LogAsync(request, id, new RunLog([], [param], []), null, static failure => failure is Failure.ParamsChanged changed ? MlflowError.OfOneParam(changed) : MlflowError.From(failure));
    }

    private static Task SetTagAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var tag = RunRules.TagOf(request.Body, "", request);
        return LogAsync(request, id, tag.Key == Rules.NameTag ? Named(new RunLog([], [], []), tag.Value, "value", request) : new RunLog([], [], [tag]));
    }

    private static Task LogBatchAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var metrics = request.Body.List("metrics", request);
        var parameters = request.Body.List("params", request);
        var tagCount = request.Body.List("tags", request).Count;
        CheckCount("metrics", metrics.Count, MaxMetrics, request);
        CheckCount("params", parameters.Count, MaxParams, request);
        CheckCount("tags", tagCount, MaxTags, request);
        CheckCount("metrics, params, and tags", metrics.Count + parameters.Count + tagCount, MaxEntities, request);
        if (request.IsFaulty)
        {
            return request.AnswerAsync(request.Fault);
        }
        var points = ImmutableArray.CreateBuilder<MetricPoint>(metrics.Count);
        var models = new ModelPoints(id);
        for (var i = 0; i < metrics.Count && !request.IsFaulty; i++)
        {
            points.Add(RunRules.PointOf(metrics[i], $"metrics[{i}].", request));
            models.Add(points[i], metrics[i], $"metrics[{i}].", request);
        }
        var once = new Dictionary<string, Tag>(StringComparer.Ordinal);
        for (var i = 0; i < parameters.Count && !request.IsFaulty; i++)
        {
            var param = RunRules.ParamOf(parameters[i], $"params[{i}].", request);
            if (!once.TryAdd(param.Key, param))
            {
                request.Refuse(MlflowError.Invalid($"Duplicate parameter keys have been submitted: ['{param.Key}']. Please ensure the request contains only one param value per param key."));
            }
        }
        var tags = RunRules.TagsOf("tags", request, out var name);
        var log = new RunLog(points.DrainToImmutable(), [.. once.Values], tags);
        return LogAsync(request, id, name is null ? log : Named(log, name, "tags", request), models);
    }

    private static async Task DeleteTagAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var key = request.Required("key");
        if (key == Rules.NameTag)
        {
            request.Refuse(MlflowError.Invalid($"Tag '{Rules.NameTag}' is the run's name: it can be set, but not deleted."));
        }
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<RunStore>().DeleteTagAsync(id, key, request.Aborted)).Failure));
    }

    private static async Task LogAsync(MlflowRequest request, RunId id, RunLog log, ModelPoints? models = null, Func<Failure, MlflowError>? translate = null)
    {
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var logged = models is { IsEmpty: false }
            ? await request.Service<ModelLog>().LogAsync(id, log, models.ByModel(), request.Aborted)
            : await request.Service<RunStore>().LogAsync(id, log, request.Aborted);
        await (logged.IsOk ? request.AnswerAsync((Failure?)null) : request.AnswerAsync((translate ?? MlflowError.From)(logged.Failure)));
    }

    private static RunLog Named(RunLog log, string name, string path, MlflowRequest request)
    {
        if (name.Length == 0)
        {
            request.Refuse(MlflowRequest.Invalid("\"\"", path, "A run's name is not empty."));
        }
        return log with { Name = name };
    }

    private static void CheckCount(string what, int count, int limit, MlflowRequest request)
    {
        if (count > limit)
        {
            request.Refuse(MlflowError.Invalid(
                $"A batch logging request can contain at most {limit} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again."));
        }
    }
}
