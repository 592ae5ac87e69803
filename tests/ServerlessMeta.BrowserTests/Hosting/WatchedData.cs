using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>A model version that was steady for some weeks and then was not, with labels, a rule and the trigger that it fired; made once for all tests.</summary>
internal static class WatchedData
{
    public const string Model = "churn-watched";
    public const string Address = $"/monitoring/models/{Model}/versions/1";
    public const string Rule = "retrain-churn-watched";
    private const string Path = $"/api/v1/models/{Model}/versions/1";
    private const int Weeks = 8;
    private const int Steady = 4;
    private static readonly DateTimeOffset First = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Countries = ["DE", "FR", "SE", "NO", "IT"];
    private static readonly SemaphoreSlim Making = new(1);
    private static bool isMade;

    public static async Task MakeAsync(BrowserFixture store)
    {
        await Making.WaitAsync();
        try
        {
            if (isMade)
            {
                return;
            }
            using var http = new HttpClient { BaseAddress = new Uri(store.Address), Timeout = TimeSpan.FromMinutes(2) };
            await SendAsync(http, HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", new JsonObject { ["name"] = Model });
            await SendAsync(http, HttpMethod.Post, "/api/2.0/mlflow/model-versions/create", new JsonObject { ["name"] = Model, ["source"] = "s3://bucket/churn" });
            await SendAsync(http, HttpMethod.Put, Path + "/monitoring", JsonNode.Parse("""{"schema":{"task":"binary","id":"id","time":"time","prediction":"predicted","score":"score","label":"label","positive":"1"},"maxLabelLag":"P3650D","minLabels":50}""")!);
            await SendAsync(http, HttpMethod.Post, Path + "/baseline", new JsonObject { ["rows"] = Rows("b", First.AddDays(-7), 600, 0, withLabels: true) });
            await SendAsync(http, HttpMethod.Put, $"/api/v1/rules/{Rule}", JsonNode.Parse($$"""{"target":{"model":"{{Model}}","version":1},"when":{"signal":"dataDrift","metric":"js","column":"spend","enter":0.3},"aggregate":{"m":2,"n":3,"graceWindows":0},"mode":"suggest"}""")!);
            for (var week = 0; week < Weeks; week++)
            {
                var (start, drift) = (First.AddDays(7 * week), week < Steady ? 0 : (week - Steady + 1.0) / (Weeks - Steady));
                var rows = Rows($"w{week}", start, 200, drift, withLabels: false);
                await SendAsync(http, HttpMethod.Post, Path + "/windows", new JsonObject { ["window"] = $"week-{week + 1}", ["start"] = Text(start), ["end"] = Text(start.AddDays(7)), ["rows"] = rows });
                if (week < Weeks - 1)
                {
                    var labels = rows.Select(row => (JsonNode)new JsonObject { ["predictionId"] = row!["id"]!.ToString(), ["label"] = LabelOf(row, drift), ["predictionTime"] = row["time"]!.ToString() }).ToArray();
                    await SendAsync(http, HttpMethod.Post, Path + "/labels", new JsonObject { ["batch"] = $"week-{week + 1}", ["labels"] = new JsonArray(labels) });
                }
            }
            await ComputedAsync(http);
            isMade = true;
        }
        finally
        {
            Making.Release();
        }
    }

    /// <summary>The trigger that the rule fired.</summary>
    public static async Task<string> TriggerAsync(BrowserFixture store)
    {
        using var http = new HttpClient { BaseAddress = new Uri(store.Address) };
        var page = await http.GetFromJsonAsync<JsonObject>($"/api/v1/triggers?rule={Rule}");
        return page!["triggers"]![0]!["trigger"]!["id"]!.ToString();
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    // The timer may compute, too: then it is busy, and says so.
    private static async Task ComputedAsync(HttpClient http)
    {
        for (var patience = 100; ; patience--)
        {
            using var answer = await http.PostAsync(Path + "/drift/compute", null);
            var computed = answer.IsSuccessStatusCode ? await http.GetFromJsonAsync<JsonObject>(Path + "/drift/results?pageSize=100") : null;
            if (computed?["results"] is JsonArray { Count: Weeks })
            {
                return;
            }
            Assert.True(patience > 0, $"In vain waited for {Weeks} windows to be computed.");
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }
    }

    private static JsonArray Rows(string prefix, DateTimeOffset start, int count, double drift, bool withLabels)
    {
        var rows = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            var (tenure, calls) = (10 + (Share(i, 1) * 30), Math.Floor(Share(i, 3) * 6));
            var score = 1 / (1 + Math.Exp(1.5 + (0.06 * (tenure - 25)) - (0.8 * (calls - 2.5))));
            var row = new JsonObject
            {
                ["id"] = $"{prefix}-{i}",
                ["time"] = Text(start.AddMinutes(i)),
                ["tenure"] = Math.Round(tenure, 2),
                ["spend"] = Math.Round(20 + (Share(i, 2) * 40) + (30 * drift), 2),
                ["calls"] = calls,
                ["country"] = Share(i, 4) < 0.4 * drift ? "PL" : Countries[(int)(Share(i, 5) * Share(i, 6) * Countries.Length)],
                ["score"] = Math.Round(score, 4),
                ["predicted"] = score > 0.5 ? 1 : 0,
            };
            if (withLabels)
            {
                row["label"] = LabelOf(row, drift);
            }
            rows.Add((JsonNode)row);
        }
        return rows;
    }

    // As the score says, and less so the farther it has drifted.
    private static string LabelOf(JsonNode row, double drift)
    {
        var i = int.Parse(row["id"]!.ToString().Split('-')[1], CultureInfo.InvariantCulture);
        var isYes = Share(i, 7) < row["score"]!.GetValue<double>();
        return isYes != (Share(i, 8) < 0.45 * drift) ? "1" : "0";
    }

    /// <summary>From 0 to 1, spread as if by chance, the same each time.</summary>
    private static double Share(int i, int of)
    {
        var x = Math.Sin((i * 12.9898) + (of * 78.233)) * 43758.5453;
        return x - Math.Floor(x);
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
