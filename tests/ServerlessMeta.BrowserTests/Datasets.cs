using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ServerlessMeta.BrowserTests;

/// <summary>A dataset with two versions that a run read.</summary>
internal static class Datasets
{
    public const string Name = "rain/daily";

    public static async Task LogAsync(string address)
    {
        using var http = new HttpClient();
        using var made = await http.PostAsJsonAsync($"{address}/api/2.0/mlflow/runs/create", new { experiment_id = "0", run_name = "reads rain", start_time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });
        var run = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["run"]!["info"]!["run_id"]!.GetValue<string>();
        await InputAsync("a1b2c3d4", """{"mlflow_colspec":[{"name":"day","type":"datetime"},{"name":"rain","type":"long"},{"name":"wind","type":"double"}]}""", """{"num_rows":1461,"num_elements":4383}""");
        await InputAsync("e5f6a7b8", """{"mlflow_colspec":[{"name":"day","type":"datetime"},{"name":"rain","type":"double"},{"name":"temperature","type":"double"}]}""", """{"num_rows":1826,"num_elements":5478}""");

        async Task InputAsync(string digest, string schema, string profile)
        {
            using var answer = await http.PostAsJsonAsync($"{address}/api/2.0/mlflow/runs/log-inputs", new
            {
                run_id = run,
                datasets = new[] { new { dataset = new { name = Name, digest, source_type = "local", source = "{\"uri\":\"rain.csv\"}", schema, profile }, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } },
            });
            Assert.True(answer.IsSuccessStatusCode);
        }
    }
}
