using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>A run that a test logs by plain HTTP, with all that a run's page shows.</summary>
internal sealed class LoggedRun(HttpClient http, string id, string artifacts)
{
    private const string Api = "/api/2.0/mlflow/";

    public string Id => id;

    /// <summary>A run with params, metrics, a dataset, files, an environment and notes.</summary>
    /// <param name="address">The store's.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="rate">A param, and what its metrics follow.</param>
    public static async Task<LoggedRun> StartAsync(string address, string name, double rate)
    {
        var http = new HttpClient { BaseAddress = new Uri(address) };
        var info = (await SendAsync(http, HttpMethod.Post, Api + "runs/create", new JsonObject
        {
            ["experiment_id"] = "0",
            ["run_name"] = name,
            ["user_id"] = "ada",
            ["start_time"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            ["tags"] = new JsonArray(Tag("mlflow.note.content", "# Why\nA **wider** net, see [the wiki](https://example.org).\n\n| a | b |\n|---|---|\n| 1 | 2 |"), Tag("mlflow.source.name", "train.py"),
                Tag("mlflow.source.git.commit", $"3f9a1b2c4d5e6f708192a3b4c5d6e7f80912{(int)(rate * 1000):x4}"), Tag("mlflow.source.git.repoURL", "https://github.com/acme/digits"), Tag("team", "vision")),
        }))["run"]!["info"]!;
        var run = new LoggedRun(http, info["run_id"]!.ToString(), info["artifact_uri"]!.ToString()["mlflow-artifacts:/".Length..].Trim('/'));
        await run.LogAsync(0, 60, rate);
        await run.PostAsync("runs/log-batch", new JsonObject { ["run_id"] = run.Id, ["params"] = new JsonArray(Tag("learning_rate", rate.ToString(System.Globalization.CultureInfo.InvariantCulture)), Tag("batch_size", "64")) });
        await run.PostAsync("runs/log-inputs", new JsonObject
        {
            ["run_id"] = run.Id,
            ["datasets"] = new JsonArray(new JsonObject
            {
                ["dataset"] = new JsonObject { ["name"] = "digits", ["digest"] = "ab12", ["source_type"] = "http", ["source"] = """{"url":"https://example.org/digits.csv"}""", ["schema"] = """{"mlflow_colspec":[{"name":"pixel","type":"double"}]}""" },
                ["tags"] = new JsonArray(Tag("mlflow.data.context", "training")),
            }),
        });
        await run.UploadAsync("eval/confusion_matrix.json", """{"labels":["cat","dog"],"matrix":[[50,2],[3,40]]}""");
        await run.UploadAsync("eval/table.csv", "a,b\n1,x\n2,\n");
        await run.UploadAsync("notes/readme.md", "# Read *me*");
        await run.UploadAsync("code/train.py", "print('hello')\n");
        await SendAsync(http, HttpMethod.Put, $"/api/v1/runs/{run.Id}/environment", new JsonObject
        {
            ["packages"] = new JsonObject { ["python:numpy"] = $"{rate:0.0##}", ["python:scikit-learn"] = "1.5.0" },
            ["languages"] = new JsonObject { ["python"] = "3.12" },
            ["entryPoint"] = "python train.py",
        });
        return run;
    }

    /// <summary>Logs a stretch of its metrics.</summary>
    public Task LogAsync(int from, int count, double rate) => PostAsync("runs/log-batch", new JsonObject
    {
        ["run_id"] = Id,
        ["metrics"] = new JsonArray([.. Enumerable.Range(from, count).SelectMany(step => new[]
        {
            Point("val/f1", 0.5 + (rate * (1 - Math.Exp(-step / 20.0))), step), Point("val/loss", 0.5 + Math.Exp(-step * rate / 5), step), Point("system/cpu_utilization_percentage", 50 + (30 * Math.Sin(step / 5.0)), step),
        })]),
    });

    public Task FinishAsync() => PostAsync("runs/update", new JsonObject { ["run_id"] = Id, ["status"] = "FINISHED", ["end_time"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });

    public Task PostAsync(string path, JsonObject body) => SendAsync(http, HttpMethod.Post, Api + path, body);

    public async Task UploadAsync(string path, string text)
    {
        using var answer = await http.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/{artifacts}/{path}", UriKind.Relative), new StringContent(text, Encoding.UTF8));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonNode> SendAsync(HttpClient http, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static JsonObject Tag(string key, string value) => new() { ["key"] = key, ["value"] = value };

    private static JsonObject Point(string key, double value, int step) => new() { ["key"] = key, ["value"] = value, ["timestamp"] = 1_700_000_000_000 + (step * 1000L), ["step"] = step };
}
