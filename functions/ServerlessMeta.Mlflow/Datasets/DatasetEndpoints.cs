using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Search;
using Inv = System.Globalization.CultureInfo;

namespace ServerlessMeta.Mlflow.Datasets;

/// <summary><c>/mlflow/experiments/search-datasets</c></summary>
internal static class DatasetEndpoints
{
    private const int MaxExperiments = 20;
    private const int MaxSummaries = 1000;

    public static void Map(MlflowRoutes routes) =>
        routes.Query("experiments/search-datasets", SearchAsync, "The datasets that runs of experiments read, each once in each context: experiment_ids.");

    private static async Task SearchAsync(MlflowRequest request)
    {
        var ids = request.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            request.Refuse(MlflowError.Invalid("SearchDatasets request must specify at least one experiment_id."));
        }
        if (ids.Count > MaxExperiments)
        {
            request.Refuse(MlflowError.Invalid($"SearchDatasets request cannot specify more than {MaxExperiments} experiment_ids. Received {ids.Count} experiment_ids."));
        }
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        ImmutableArray<ExperimentId> within =
            [.. ids.Select(static id => ExperimentId.TryParse(id, Inv.InvariantCulture, out var found) ? found : (ExperimentId?)null).OfType<ExperimentId>()];
        var found = await request.Service<RunSearch>().ListDatasetsAsync(within, RunSchema.DatasetContextTag, MaxSummaries, request.Aborted);
        await request.AnswerAsync(found, static (json, summaries) => json.WriteList("dataset_summaries"u8, summaries, static (json, summary) =>
        {
            json.WriteString("experiment_id"u8, summary.Experiment.ToString());
            json.WriteString("name"u8, summary.Name);
            json.WriteString("digest"u8, summary.Digest);
            json.WriteString("context"u8, summary.Context);
        }));
    }
}
