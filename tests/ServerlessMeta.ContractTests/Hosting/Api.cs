using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>Speaks HTTP with a store.</summary>
public sealed class Api(Uri address) : IDisposable
{
    public const string Root = "/api/2.0/mlflow/";

    public HttpClient Http { get; } = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <param name="path">Under <see cref="Root"/> unless it begins with a slash.</param>
    public Task<Answer> PostAsync(string path, object body) => PostJsonAsync(path, JsonNode(body).ToJsonString());

    public Task<Answer> PostJsonAsync(string path, string json, params (string Name, string Value)[] headers) =>
        PostBytesAsync(path, Encoding.UTF8.GetBytes(json), "application/json", headers);

    public async Task<Answer> PostBytesAsync(string path, byte[] body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Full(path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return await SendAsync(request, headers);
    }

    public Task<Answer> PatchAsync(string path, object body) => SendJsonAsync(HttpMethod.Patch, path, JsonNode(body).ToJsonString());

    /// <param name="json">The body; null: none.</param>
    public async Task<Answer> SendJsonAsync(HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Full(path)) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        return await SendAsync(request, headers);
    }

    public Task<Answer> DeleteAsync(string path) => SendJsonAsync(HttpMethod.Delete, path, null);

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] query)
    {
        var text = string.Join('&', query.Select(static pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Full(path) + (text.Length == 0 ? "" : "?" + text));
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<string> CreateExperimentAsync(string? name = null) =>
        (await PostAsync("experiments/create", new { name = name ?? Guid.CreateVersion7().ToString("n") })).Ok()["experiment_id"]!.GetValue<string>();

    public async Task<string> CreateRunAsync(string experiment, object? more = null)
    {
        var body = (JsonObject)JsonNode(more ?? new { });
        body["experiment_id"] = experiment;
        return (await PostJsonAsync("runs/create", body.ToJsonString())).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
    }

    public async Task<JsonNode> GetRunAsync(string run) => (await GetAsync("runs/get", ("run_id", run))).Ok()["run"]!;

    public void Dispose() => Http.Dispose();

    private static string Full(string path) => path.StartsWith('/') ? path : Root + path;

    private static JsonNode JsonNode(object body) => System.Text.Json.JsonSerializer.SerializeToNode(body)!;
}
