using Microsoft.AspNetCore.Http;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Models;

/// <summary>How a model is registered, by the clients people have.</summary>
internal static class RegisterSteps
{
    public static IReadOnlyList<Snippet> Of(HttpRequest request)
    {
        var here = $"{request.Scheme}://{request.Host}";
        return
        [
            new("MLflow (Python)",
                $$"""
                import mlflow

                mlflow.set_tracking_uri("{{here}}")
                run_id = mlflow.search_runs(search_all_experiments=True, max_results=1).run_id[0]
                mlflow.register_model(f"runs:/{run_id}/model", "first-model")
                """),
            new("curl",
                $$"""
                curl -s {{here}}/api/2.0/mlflow/registered-models/create \
                  -H "Content-Type: application/json" -d '{"name": "first-model"}'
                curl -s {{here}}/api/2.0/mlflow/model-versions/create \
                  -H "Content-Type: application/json" \
                  -d '{"name": "first-model", "source": "https://example.com/models/1"}'
                """),
        ];
    }

    /// <summary>How a model gets a policy.</summary>
    public static IReadOnlyList<Snippet> OfPolicy(HttpRequest request, string api) =>
    [
        new("curl",
            $$$$"""
            curl -s -X PUT {{{{request.Scheme}}}}://{{{{request.Host}}}}{{{{api}}}}/policy \
              -H "Content-Type: application/json" \
              -d '{"aliases": {"production": {
                     "approvals": {"count": 1, "notByAuthor": true},
                     "evaluations": ["accuracy >= 0.9 on holdout"],
                     "noOpenDriftAlert": true}}}'
            """),
    ];
}
