using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Search;

namespace ServerlessMeta.Mlflow.Models;

/// <summary><c>registered-models/search</c> and <c>model-versions/search</c>.</summary>
internal static class RegistrySearchEndpoints
{
    private const int DefaultModels = 100;
    private const int MostModels = 1000;
    private const int DefaultVersions = 10_000;
    private const int MostVersions = 200_000;

    // More may be asked for; the rest comes on further pages, so that an answer has a bound.
    private const int MostVersionsOfPage = 10_000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Get("registered-models/search", SearchModelsAsync, "Registered models that match: filter, order_by, max_results, page_token. Prompts only when the filter names their tag.");
        routes.Get("model-versions/search", SearchVersionsAsync, "Model versions that match: filter, order_by, max_results, page_token. Those of prompts only when the filter names their tag.");
    }

    private static async Task SearchModelsAsync(MlflowRequest request)
    {
        var max = request.Size("max_results", DefaultModels, MostModels);
        if (QueryOf(RegistrySchema.Models, request) is not { } query)
        {
            await request.AnswerAsync(request.Fault!);
            return;
        }
        var found = await request.Service<RegistrySearch>().SearchModelsAsync(query, max, request.Text("page_token"), request.Aborted);
        if (!found.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(found.Failure));
            return;
        }
        var models = await RegistryJson.EachAsync(found.Value.Items, model => RegistryJson.FullAsync(model, request));
        await request.AnswerAsync((models, found.Value.Next), static (json, page) =>
        {
            json.WriteList("registered_models"u8, page.models, RegistryJson.Write);
            json.WriteString("next_page_token"u8, page.Next);
        });
    }

    private static async Task SearchVersionsAsync(MlflowRequest request)
    {
        var max = Math.Min(request.Size("max_results", DefaultVersions, MostVersions), MostVersionsOfPage);
        if (QueryOf(RegistrySchema.Versions, request) is not { } query)
        {
            await request.AnswerAsync(request.Fault!);
            return;
        }
        var found = await request.Service<RegistrySearch>().SearchVersionsAsync(query, max, request.Text("page_token"), request.Aborted);
        if (!found.IsOk)
        {
            await request.AnswerAsync(MlflowError.From(found.Failure));
            return;
        }
        var versions = await RegistryJson.FullAsync(found.Value.Items, request);
        await request.AnswerAsync((versions, found.Value.Next), static (json, page) =>
        {
            json.WriteList("model_versions"u8, page.versions, RegistryJson.Write);
            json.WriteString("next_page_token"u8, page.Next);
        });
    }

    private static RecordQuery? QueryOf(FieldSchema schema, MlflowRequest request)
    {
        var query = RecordQuery.Parse(request.Text("filter"), request.Texts("order_by"), schema);
        if (query.Failure is { } invalid)
        {
            request.Refuse(MlflowError.From(invalid));
        }
        return request.IsFaulty ? null : query.Value;
    }
}
