using System.Collections.Immutable;
using ServerlessMeta.Datasets;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary><c>runs/outputs</c>. As in the reference the models need not exist here.</summary>
internal static class RunOutputs
{
    public const int ModelIdLength = 250;
    private const int MaxModels = 1000;

    public static async Task LogAsync(MlflowRequest request)
    {
        var id = Rules.RunOf(request);
        var models = ImmutableArray.CreateBuilder<ModelOutput>();
        var items = request.Body.List("models", request);
        if (items.Count == 0)
        {
            request.Refuse(MlflowError.Missing("models"));
        }
        Rules.CheckCount(items.Count, MaxModels, "models", request);
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            var model = items[i].Required("model_id", $"models[{i}].model_id", request);
            Rules.CheckLength(model, ModelIdLength, $"models[{i}].model_id", request);
            models.Add(new ModelOutput(model, items[i].Int("step", $"models[{i}].step", request) ?? 0));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var logged = await request.Service<RunStore>().LogOutputsAsync(id, models.ToImmutable(), request.Aborted);
        await request.AnswerAsync(logged.Failure);
    }
}
