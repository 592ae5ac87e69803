using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Ui.Parts;

/// <summary>How a first run is logged here, by the clients people have.</summary>
internal static class FirstSteps
{
    /// <summary>Where the store is, as whoever asks reaches it.</summary>
    public static string AddressOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    public static IReadOnlyList<Snippet> Of(HttpRequest request)
    {
        var here = AddressOf(request);
        return
        [
            new("MLflow (Python)",
                $"""
                import mlflow

                mlflow.set_tracking_uri("{here}")
                mlflow.set_experiment("first steps")
                with mlflow.start_run():
                    mlflow.log_param("lr", 0.01)
                    for step in range(10):
                        mlflow.log_metric("loss", 1 / (step + 1), step=step)
                """),
            new("curl",
                $$"""
                curl -s {{here}}/api/2.0/mlflow/runs/create \
                  -H "Content-Type: application/json" \
                  -d '{"experiment_id": "0", "run_name": "by hand"}'
                """),
            new("JavaScript",
                $$"""
                const post = (path, body) => fetch(`{{here}}/api/2.0/mlflow/${path}`, {
                  method: "POST",
                  headers: { "Content-Type": "application/json" },
                  body: JSON.stringify(body),
                }).then((answer) => answer.json());

                const { run } = await post("runs/create", { experiment_id: "0", run_name: "by script" });
                await post("runs/log-metric", { run_id: run.info.run_id, key: "loss", value: 0.25, timestamp: Date.now(), step: 1 });
                """),
            new("C#",
                $$"""
                using System.Net.Http.Json;
                using System.Text.Json.Nodes;

                using var http = new HttpClient { BaseAddress = new Uri("{{here}}/api/2.0/mlflow/") };
                var created = await http.PostAsJsonAsync("runs/create", new { experiment_id = "0", run_name = "by C#" });
                var run = (await created.Content.ReadFromJsonAsync<JsonNode>())!["run"]!["info"]!["run_id"]!.ToString();
                await http.PostAsJsonAsync("runs/log-metric", new { run_id = run, key = "loss", value = 0.25, timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), step = 1 });
                """),
        ];
    }
}
