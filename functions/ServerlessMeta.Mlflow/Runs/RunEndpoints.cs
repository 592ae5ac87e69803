using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary><c>/mlflow/runs/...</c>: what a run is and which runs there are; <see cref="RunLogEndpoints"/> has what a run logs.</summary>
internal static class RunEndpoints
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Post("runs/create", CreateAsync, "Create a run: experiment_id, user_id, run_name, start_time, tags. Answers run. With the header Idempotency-Key it may be repeated.");
        routes.Get("runs/get", GetAsync, "A run by run_id, with its latest metrics, params, tags and inputs.");
        routes.Post("runs/update", UpdateAsync, "Change a run: run_id, status, end_time, run_name. Answers run_info.");
        routes.Post("runs/delete", static request => MoveAsync(request, static (store, id, ct) => store.DeleteAsync(id, ct)), "Delete a run: run_id. It can be restored.");
        routes.Post("runs/restore", static request => MoveAsync(request, static (store, id, ct) => store.RestoreAsync(id, ct)), "Restore a run: run_id.");
        routes.Query("runs/search", SearchAsync, "Runs that match: experiment_ids, filter, run_view_type, order_by, max_results, page_token.");
    }

    private static async Task CreateAsync(MlflowRequest request)
    {
        // Clients of old leave it out and mean the default experiment.
        var experiment = request.Text("experiment_id") is { Length: > 0 } text ? Rules.ExperimentOf(text, request) : default;
        var tags = RunRules.TagsOf("tags", request, out var tagName);
        var name = NameOf(request.Text("run_name"), tagName, request);
        var started = Rules.TimeOf("start_time", request);
        var user = request.Text("user_id") ?? "";
        Rules.CheckLength(user, Rules.UserLength, "user_id", request);
        var key = Rules.IdempotencyKeyOf(request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var wanted = new NewRun(experiment, name, user, started ?? request.Service<TimeProvider>().GetUtcNow(), tags) { IdempotencyKey = key };
        await AnswerAsync(request, await request.Service<RunStore>().CreateAsync(wanted, request.Aborted));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await AnswerAsync(request, await request.Service<RunStore>().FindAsync(id, request.Aborted) is { } found ? found : new Failure.NotFound("Run", id.ToString()));
    }

    private static async Task UpdateAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var status = StatusOf(request);
        var ended = Rules.TimeOf("end_time", request);
        var name = request.Text("run_name");
        Rules.CheckLength(name ?? "", Rules.TagLength, "run_name", request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var changed = await request.Service<RunStore>().ChangeAsync(id, new RunUpdate(status, ended, string.IsNullOrEmpty(name) ? null : name), request.Aborted);
        await (changed.IsOk
            ? request.AnswerAsync(changed.Value, static (json, info) =>
            {
                json.WriteStartObject("run_info"u8);
                RunJson.WriteInfo(json, info);
                json.WriteEndObject();
            })
            : request.AnswerAsync(MlflowError.From(changed.Failure)));
    }

    private static async Task MoveAsync(MlflowRequest request, Func<RunStore, RunId, CancellationToken, Task<Result<RunInfo>>> move)
    {
        var id = Rules.RunOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await move(request.Service<RunStore>(), id, request.Aborted)).Failure));
    }

    private static async Task SearchAsync(MlflowRequest request)
    {
        // An experiment that does not exist has no runs.
        var within = request.Texts("experiment_ids").Select(static text => ExperimentId.TryParse(text, null, out var id) ? id : (ExperimentId?)null).OfType<ExperimentId>().ToImmutableArray();
        var max = request.Size("max_results", 1000, 50_000);
        var stages = Rules.StagesOf("run_view_type", request);
        var query = RecordQuery.Parse(request.Text("filter"), request.Texts("order_by"), RunSchema.Schema);
        if (query.Failure is { } invalid)
        {
            request.Refuse(MlflowError.From(invalid));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<RunSearch>().SearchAsync(within, query.Value, RunSchema.Words, stages, max, request.Text("page_token"), request.Aborted);
        await (found.IsOk
            ? request.AnswerAsync(found.Value, static (json, page) =>
            {
                json.WriteList("runs"u8, page.Items, RunJson.Write);
                json.WriteString("next_page_token"u8, page.Next);
            })
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static Task AnswerAsync(MlflowRequest request, Result<Run> run) => run.IsOk
        ? request.AnswerAsync(run.Value, static (json, run) =>
        {
            json.WriteStartObject("run"u8);
            RunJson.Write(json, run);
            json.WriteEndObject();
        })
        : request.AnswerAsync(MlflowError.From(run.Failure));

    private static string NameOf(string? name, string? tagName, MlflowRequest request)
    {
        Rules.CheckLength(name ?? "", Rules.TagLength, "run_name", request);
        if (string.IsNullOrEmpty(name))
        {
            return string.IsNullOrEmpty(tagName) ? RunNames.Next() : tagName;
        }
        if (!string.IsNullOrEmpty(tagName) && tagName != name)
        {
            request.Refuse(MlflowError.Invalid(
                $"Both 'run_name' argument and '{Rules.NameTag}' tag are specified, but with different values (run_name='{Rules.Cut(name, 300)}', {Rules.NameTag}='{Rules.Cut(tagName, 300)}')."));
        }
        return name;
    }

    private static RunStatus? StatusOf(MlflowRequest request)
    {
        if (request.Text("status") is not { Length: > 0 } text)
        {
            return null;
        }
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            if (RunJson.Status(status) == text)
            {
                return status;
            }
        }
        request.Refuse(MlflowRequest.Invalid(Rules.Quote(text), "status"));
        return null;
    }
}
