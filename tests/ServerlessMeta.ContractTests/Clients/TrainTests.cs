using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using ServerlessMeta.ContractTests.Native;
using ServerlessMeta.Local;

namespace ServerlessMeta.ContractTests.Clients;

/// <summary>A real training job in JavaScript, with a third party's client, against ServerlessMeta.Local as a user starts it.</summary>
public sealed class TrainTests
{
    private const int Epochs = 120;
    private static readonly string[] Metrics = ["holdout_accuracy", "holdout_f1", "holdout_loss", "train_accuracy", "train_f1", "train_loss"];

    [Fact(Timeout = 240_000)]
    public async Task Training_job_logs_its_runs_and_search_finds_them()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var local = await LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--in-memory"], null, ct);
        using var http = new HttpClient { BaseAddress = new Uri(local.Url, "/api/2.0/mlflow/") };

        var first = await TrainAsync(local.Url.ToString(), ct);
        var second = await TrainAsync(local.Url.ToString(), ct);

        Assert.True(first.ExitCode is 0, first.Said);
        Assert.True(second.ExitCode is 0, second.Said);
        var experiment = (await GetAsync(http, "experiments/get-by-name?experiment_name=seattle-rain", ct)).GetProperty("experiment");
        var runs = await SearchAsync(http, experiment, "metrics.holdout_accuracy > 0.7 and params.model = 'logistic regression'", ct);
        Assert.Equal(2, runs.Length);
        Assert.Empty(await SearchAsync(http, experiment, "metrics.holdout_accuracy > 0.7 and params.model = 'random forest'", ct));
        Assert.Empty(await SearchAsync(http, experiment, "metrics.holdout_accuracy > 1 and params.model = 'logistic regression'", ct));
        foreach (var run in runs)
        {
            await CheckAsync(http, run, ct);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Training_job_is_run_again_from_its_archive_in_an_empty_folder_and_learns_the_same()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var local = await LocalProcess.StartAsync(typeof(Azurite).Assembly.Location, ["--in-memory"], null, ct);
        using var http = new HttpClient { BaseAddress = new Uri(local.Url, "/api/2.0/mlflow/") };
        var first = await TrainAsync(local.Url.ToString(), ct);
        Assert.True(first.ExitCode is 0, first.Said);
        var experiment = (await GetAsync(http, "experiments/get-by-name?experiment_name=seattle-rain", ct)).GetProperty("experiment");
        var original = Assert.Single(await SearchAsync(http, experiment, "packages.mlflow = '2.0.7'", ct));
        var id = original.GetProperty("info").GetProperty("run_id").GetString();
        Assert.Equal("reproducible", (await GetAsync(http, $"/api/v1/runs/{id}/reproducibility", ct)).GetProperty("verdict").GetString());
        var folder = Directory.CreateTempSubdirectory("rebuild").FullName;

        try
        {
            await using (var archive = new ZipArchive(await http.GetStreamAsync(new Uri($"/api/v1/runs/{id}/reproduce", UriKind.Relative), ct)))
            {
                await archive.ExtractToDirectoryAsync(folder, ct);
            }
            foreach (var commands in Readme.CommandsIn(await File.ReadAllTextAsync(Path.Combine(folder, "README.md"), ct)))
            {
                await Readme.RunAsync(folder, commands, ct);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var again = (await SearchAsync(http, experiment, $"run_id != '{id}'", ct)).Single();
        Assert.Equal("FINISHED", again.GetProperty("info").GetProperty("status").GetString());
        Assert.Equal(Values(original), Values(again));
        Assert.Equal(Metrics.Length, Values(again).Count);
        Assert.Equal(
            Pairs(original.GetProperty("data").GetProperty("params")).OrderBy(static pair => pair.Key, StringComparer.Ordinal),
            Pairs(again.GetProperty("data").GetProperty("params")).OrderBy(static pair => pair.Key, StringComparer.Ordinal));
        var diff = await GetAsync(http, $"/api/v1/runs/{again.GetProperty("info").GetProperty("run_id").GetString()}/manifest/diff?with={id}", ct);
        Assert.Equal((0, 0), (diff.GetProperty("added").GetArrayLength(), diff.GetProperty("removed").GetArrayLength()));
        Assert.Equal([], diff.GetProperty("changed").EnumerateArray().Select(static change => change.GetProperty("to").GetProperty("path").GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Training_job_says_what_failed_when_no_store_answers()
    {
        var (exitCode, said) = await TrainAsync("http://127.0.0.1:9", TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The training job failed against http://127.0.0.1:9: ", said, StringComparison.Ordinal);
    }

    private static async Task CheckAsync(HttpClient http, JsonElement run, CancellationToken ct)
    {
        var (info, data) = (run.GetProperty("info"), run.GetProperty("data"));
        Assert.Equal("FINISHED", info.GetProperty("status").GetString());
        Assert.True(info.GetProperty("end_time").GetInt64() >= info.GetProperty("start_time").GetInt64());
        var parameters = Pairs(data.GetProperty("params"));
        Assert.Equal(("0.5", "120", "1095", "365"), (parameters["learning_rate"], parameters["epochs"], parameters["training_rows"], parameters["holdout_rows"]));
        var tags = Pairs(data.GetProperty("tags"));
        Assert.Matches("^([0-9a-f]{40}|unknown)$", tags["mlflow.source.git.commit"]);
        Assert.Matches("^[0-9a-f]{32}$", tags["data.md5"]);
        var dataset = run.GetProperty("inputs").GetProperty("dataset_inputs")[0].GetProperty("dataset");
        Assert.Equal(("seattle-weather", tags["data.md5"]), (dataset.GetProperty("name").GetString(), dataset.GetProperty("digest").GetString()));
        Assert.Equal(Metrics, data.GetProperty("metrics").EnumerateArray().Select(static metric => metric.GetProperty("key").GetString()!).Order(StringComparer.Ordinal));
        foreach (var metric in data.GetProperty("metrics").EnumerateArray())
        {
            var history = (await GetAsync(http, $"metrics/get-history?run_id={info.GetProperty("run_id").GetString()}&metric_key={metric.GetProperty("key").GetString()}", ct)).GetProperty("metrics");
            Assert.Equal(Enumerable.Range(1, Epochs), history.EnumerateArray().Select(static point => point.GetProperty("step").GetInt32()));
            Assert.Equal(metric.GetProperty("value").GetDouble(), history[Epochs - 1].GetProperty("value").GetDouble());
        }
    }

    private static async Task<JsonElement[]> SearchAsync(HttpClient http, JsonElement experiment, string filter, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync("runs/search", new { experiment_ids = new[] { experiment.GetProperty("experiment_id").GetString() }, filter }, ct);
        answer.EnsureSuccessStatusCode();
        var found = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return found.TryGetProperty("runs", out var runs) ? [.. runs.EnumerateArray()] : [];
    }

    private static SortedDictionary<string, double> Values(JsonElement run) => new(
        run.GetProperty("data").GetProperty("metrics").EnumerateArray().ToDictionary(static metric => metric.GetProperty("key").GetString()!, static metric => metric.GetProperty("value").GetDouble(), StringComparer.Ordinal), StringComparer.Ordinal);

    private static Task<JsonElement> GetAsync(HttpClient http, string path, CancellationToken ct) => http.GetFromJsonAsync<JsonElement>(path, ct);

    private static Dictionary<string, string> Pairs(JsonElement pairs) =>
        pairs.EnumerateArray().ToDictionary(static pair => pair.GetProperty("key").GetString()!, static pair => pair.GetProperty("value").GetString()!, StringComparer.Ordinal);

    private static Task<(int ExitCode, string Said)> TrainAsync(string store, CancellationToken ct) => NodeScript.RunAsync(["train.mjs", store], TimeSpan.FromSeconds(100), ct);
}
