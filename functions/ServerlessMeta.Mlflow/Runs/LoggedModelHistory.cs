using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary><c>runs/log-model</c>, as clients before MLflow 3 call it: the model's description joins the list in one tag of the run.</summary>
internal static class LoggedModelHistory
{
    private const string HistoryTag = "mlflow.log-model.history";

    // The list must stay whole, so it is not cut as other tags are.
    private const int MaxLength = 30_000;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] Mandatory = ["artifact_path", "flavors", "run_id", "utc_time_created"];

    public static async Task AppendAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var model = ModelOf(request.Required("model_json"), request);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var set = await request.Service<RunStore>().SetTagAsync(id, HistoryTag, history => Append(history, model!), request.Aborted);
        await request.AnswerAsync(set.Failure);
    }

    private static Result<string> Append(string? history, JsonObject model)
    {
        if ((history is null ? [] : Parse(history) as JsonArray) is not { } models)
        {
            return new Failure.Invalid("model_json", $"The run's tag '{HistoryTag}' holds no JSON list that a model could join");
        }
        // A repeated call finds itself in the list.
        if (!models.Any(known => JsonNode.DeepEquals(known, model)))
        {
            models.Add(model.DeepClone());
        }
        var text = models.ToJsonString();
        return text.Length <= MaxLength ? text : new Failure.Invalid("model_json", $"'{HistoryTag}' exceeds the maximum length of {MaxLength} characters");
    }

    private static JsonObject? ModelOf(string text, MlflowRequest request)
    {
        if (Parse(text) is not JsonObject model)
        {
            request.Refuse(MlflowError.Invalid($"Malformed model info. \n {Rules.Cut(text, 300)} \n could not be parsed as a JSON object."));
            return null;
        }
        var missing = Mandatory.Where(field => !model.ContainsKey(field)).ToList();
        if (missing.Count > 0)
        {
            request.Refuse(MlflowError.Invalid($"Model json is missing mandatory fields: {string.Join(", ", missing)}"));
        }
        return model;
    }

    // Null for what is no JSON, names a member twice, or spells lone surrogates: such nodes throw when they are looked at later.
    private static JsonNode? Parse(string text)
    {
        try
        {
            var parsed = JsonNode.Parse(text, null, Strict);
            return IsText(parsed) ? parsed : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsText(JsonNode? node) => node switch
    {
        JsonObject members => members.All(static member => member.Key is not null && IsText(member.Value)),
        JsonArray items => items.All(IsText),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>() is not null,
        _ => true,
    };
}
