using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Monitoring;

/// <summary>What is watched over HTTP: a version of a model, or a monitor of its own.</summary>
internal sealed class Watched(Api api, string path)
{
    public const string ProfileType = "application/vnd.serverlessmeta.profile+json";

    public const string Options =
        """{"schema":{"task":"binary","id":"id","time":"at","prediction":"said","positive":"yes"},"minLabels":10,"maxLabelLag":"P3650D"}""";

    private static int made;

    public string Path => path;

    public static async Task<Watched> StartAsync(Api api, string kind)
    {
        // Awkward on purpose: a slash, spaces, letters of other scripts.
        var name = $"a/b \u00e9 %2F {Interlocked.Increment(ref made)}";
        if (kind == "monitors")
        {
            return new Watched(api, $"/api/v1/monitors/{Uri.EscapeDataString(name)}");
        }
        (await api.PostAsync("registered-models/create", new { name = name.Replace('/', ' ') })).Ok();
        (await api.PostAsync("model-versions/create", new { name = name.Replace('/', ' '), source = "s3://b/a" })).Ok();
        return new Watched(api, $"/api/v1/models/{Uri.EscapeDataString(name.Replace('/', ' '))}/versions/1");
    }

    /// <summary>Rows of a day: an id, a time, a number, a word, and what the model said.</summary>
    public static string Csv(int from, int count, double shift = 0, int day = 2)
    {
        var text = new StringBuilder("id,at,x,city,said\n");
        for (var row = from; row < from + count; row++)
        {
            var x = Math.Sin(row * 12.9898) * 43758.5453;
            text.Append(CultureInfo.InvariantCulture, $"p{row},2026-03-{day:d2}T{row % 24:d2}:00:00Z,{x - Math.Floor(x) + shift},{(row % 3 == 0 ? "Oslo" : "Rome")},{(row % 2 == 0 ? "yes" : "no")}\n");
        }
        return text.ToString();
    }

    public static string Day(int day) => $"start=2026-03-{day:d2}T00:00:00Z&end=2026-03-{day + 1:d2}T00:00:00Z";

    public Task<Answer> GetAsync(string below) => api.GetAsync(path + below);

    public async Task<Answer> PutAsync(string below, string body, params (string Name, string Value)[] headers) => await api.SendJsonAsync(HttpMethod.Put, path + below, body, headers);

    public Task<Answer> PostAsync(string below, string body, string type = "application/json", params (string Name, string Value)[] headers) => api.PostBytesAsync(path + below, Encoding.UTF8.GetBytes(body), type, headers);

    public async Task<JsonNode> ComputeAsync(string query = "") => (await PostAsync("/drift/compute" + query, "")).Ok();

    public async Task<JsonNode> DriftAsync(string query = "") => (await GetAsync("/drift" + query)).Ok();

    public Task<Answer> LabelAsync(string batch, params IEnumerable<(int Row, string Label)> labels) => PostAsync("/labels", new JsonObject
    {
        ["batch"] = batch,
        ["labels"] = new JsonArray([.. labels.Select(static one => (JsonNode)new JsonObject { ["predictionId"] = $"p{one.Row}", ["label"] = one.Label, ["predictionTime"] = "2026-03-02T12:00:00Z" })]),
    }.ToJsonString());
}
