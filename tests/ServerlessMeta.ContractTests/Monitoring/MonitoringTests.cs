using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Native;
using static ServerlessMeta.ContractTests.Monitoring.Watched;

namespace ServerlessMeta.ContractTests.Monitoring;

/// <summary>Versions of models and monitors are watched over HTTP: from the baseline to the history of a metric.</summary>
public abstract class MonitoringTests(StoreHost host)
{
    public static TheoryData<string> Kinds => ["versions", "monitors"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Drift_is_seen_from_the_baseline_to_the_history(string kind)
    {
        var watched = await StartAsync(host.Api, kind);
        (await watched.PutAsync("/monitoring", Options)).Ok();
        Assert.Equal(201, (await watched.PostAsync("/baseline", Csv(0, 400), "text/csv")).Status);
        var still = await watched.PostAsync($"/windows?{Day(2)}", Csv(1000, 200), "text/csv");
        var moved = await watched.PostAsync($"/windows?{Day(3)}&window=moved&part=1", Csv(2000, 200, 2, 3), "text/csv");

        var computed = await watched.ComputeAsync();
        var latest = await watched.DriftAsync();
        var before = await watched.DriftAsync("?window=20260302T000000Z-20260303T000000Z");
        var history = (await watched.GetAsync("/drift/history?column=x&metric=js")).Ok();
        var results = (await watched.GetAsync("/drift/results")).Ok();

        Assert.Equal((201, 201), (still.Status, moved.Status));
        Assert.Equal($"{watched.Path}/windows/moved", moved.Headers.Location?.OriginalString);
        Assert.Equal(["20260302T000000Z-20260303T000000Z 1 true", "moved 1 true"], computed["windows"]!.AsArray().Select(static one => $"{one!["window"]} {one["revision"]} {one["isNew"]}"));
        Assert.Equal(("moved", "drift", "noDrift"), ($"{latest["window"]}", Verdict(latest, "x"), Verdict(before, "x")));
        Assert.Equal("noDrift", Verdict(latest, "city"));
        Assert.Equal(["moved", "20260302T000000Z-20260303T000000Z"], history["points"]!.AsArray().Select(static point => $"{point!["window"]}"));
        Assert.Equal(Value(latest, "x", "js"), history["points"]![0]!["value"]!.GetValue<double>());
        Assert.Equal(Value(before, "x", "js"), history["points"]![1]!["value"]!.GetValue<double>());
        Assert.Contains("column:x", results["results"]![0]!["alerts"]!.AsArray().Select(static alert => $"{alert}"));
        Assert.Empty(results["results"]![1]!["alerts"]!.AsArray());
        Assert.Equal(1, (await watched.GetAsync("/drift/history?metric=driftShare")).Ok()["points"]!.AsArray().Count(static point => point!["verdict"]!.ToString() == "drift"));
    }

    [Fact]
    public async Task Windows_are_compared_with_those_before_them_and_rules_may_go_by_that()
    {
        var watched = await StartAsync(host.Api, "monitors");
        string Rule(string baseline) => new JsonObject
        {
            ["target"] = new JsonObject { ["monitor"] = Uri.UnescapeDataString(watched.Path["/api/v1/monitors/".Length..]) },
            ["when"] = new JsonObject { ["signal"] = "dataDrift", ["metric"] = "verdict", ["column"] = "x", ["baseline"] = baseline },
        }.ToJsonString();
        (await watched.PutAsync("/monitoring", Options[..^1] + ""","compareWith":["previous"]}""")).Ok();
        Assert.Equal("compareWith", (await watched.PutAsync("/monitoring", """{"compareWith":["last"]}""")).Json["errors"]![0]!["field"]!.ToString());
        (await watched.PostAsync("/baseline", Csv(0, 400), "text/csv")).Json.ToJsonString();
        var refused = await host.Api.SendJsonAsync(HttpMethod.Put, "/api/v1/rules/compared", Rule("rolling(2)"));
        var set = await host.Api.SendJsonAsync(HttpMethod.Put, "/api/v1/rules/compared", Rule("previous"));
        (await watched.PostAsync($"/windows?{Day(2)}&window=still", Csv(1000, 200), "text/csv")).Json.ToJsonString();
        await watched.ComputeAsync();
        var first = (await host.Api.GetAsync("/api/v1/rules/compared")).Ok()["state"]!;
        await watched.PostAsync($"/windows?{Day(3)}&window=moved", Csv(2000, 200, 2, 3), "text/csv");
        await watched.PostAsync($"/windows?{Day(4)}&window=stays", Csv(3000, 200, 2, 4), "text/csv");
        await watched.ComputeAsync();
        var last = (await host.Api.GetAsync("/api/v1/rules/compared")).Ok()["state"]!;
        var (moved, stays) = (await watched.DriftAsync("?window=moved"), await watched.DriftAsync("?window=stays"));
        var dry = (await host.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/rules/compared/dry-run?from=2026-01-01T00:00:00Z", null)).Ok();
        var other = (await host.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/rules/other/dry-run?from=2026-01-01T00:00:00Z", Rule("rolling(2)"))).Ok();

        Assert.Equal((400, "when", 201), (refused.Status, refused.Json["errors"]![0]!["field"]!.ToString(), set.Status));
        Assert.Contains("compareWith", refused.Json["errors"]![0]!["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("no window before it", first["noData"]!.ToString(), StringComparison.Ordinal);
        Assert.Null(last["noData"]);
        Assert.Equal(("drift", "drift"), (Verdict(moved, "x"), Verdict(stays, "x")));
        Assert.Equal(("previous", "[\"still\"]", "drift"), ($"{moved["comparisons"]![0]!["reference"]}", moved["comparisons"]![0]!["windows"]!.ToJsonString(), Verdict(moved["comparisons"]![0]!, "x")));
        Assert.Equal(("[\"moved\"]", "noDrift"), (stays["comparisons"]![0]!["windows"]!.ToJsonString(), Verdict(stays["comparisons"]![0]!, "x")));
        Assert.Equal(["skipped ", "counted true", "counted false"], dry["windows"]!.AsArray().Select(static one => $"{one!["outcome"]} {one["hit"]?.ToJsonString()}"));
        Assert.Equal("previous", dry["fires"]!.AsArray().Single()!["cause"]![0]!["baseline"]!.ToString());
        Assert.All(other["windows"]!.AsArray(), static one => Assert.Contains("compareWith", one!["reason"]!.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_posted_again_is_known_and_other_content_is_refused(string kind)
    {
        var watched = await StartAsync(host.Api, kind);
        (await watched.PutAsync("/monitoring", Options)).Ok();

        Assert.Equal([201, 200, 201, 200], await StatusesAsync(() => watched.PostAsync("/baseline", Csv(0, 50), "text/csv"), () => watched.PostAsync("/baseline", Csv(0, 50), "text/csv"), () => watched.PostAsync("/baseline", Csv(0, 60), "text/csv"), () => watched.PostAsync("/baseline", Csv(0, 60), "text/csv")));
        Assert.Equal([201, 200, 409, 409], await StatusesAsync(
            () => watched.PostAsync($"/windows?{Day(2)}&window=w&part=1", Csv(0, 40), "text/csv"), () => watched.PostAsync($"/windows?{Day(2)}&window=w&part=1", Csv(0, 40), "text/csv"),
            () => watched.PostAsync($"/windows?{Day(2)}&window=w&part=1", Csv(0, 41), "text/csv"), () => watched.PostAsync($"/windows?{Day(3)}&window=w&part=2", Csv(0, 40), "text/csv")));
        Assert.Equal([201, 200, 409], await StatusesAsync(() => watched.LabelAsync("b", (1, "yes")), () => watched.LabelAsync("b", (1, "yes")), () => watched.LabelAsync("b", (1, "no"))));
        Assert.Equal("[2,1]", new JsonArray([.. (await watched.GetAsync("/baselines")).Ok()["baselines"]!.AsArray().Select(static one => one!["number"]!.DeepClone())]).ToJsonString());
        Assert.Equal("50 60", $"{(await watched.GetAsync("/baseline?number=1")).Ok()["rows"]} {(await watched.GetAsync("/baseline")).Ok()["rows"]}");
        (await watched.GetAsync("/baseline?number=3")).Problem(404, "not-found");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Options_change_under_their_tag(string kind)
    {
        var watched = await StartAsync(host.Api, kind);
        var set = await watched.PutAsync("/monitoring", Options);
        var again = await watched.PutAsync("/monitoring", Options, ("If-Match", "\"1\""));
        var stale = await watched.PutAsync("/monitoring", """{"minCount":40}""", ("If-Match", "\"0\""));
        var next = await watched.PutAsync("/monitoring", """{"minCount":40,"keepRows":"sample","thresholds":{"js":0.2},"detectors":["adwin"]}""", ("If-Match", "\"1\""));
        var read = await watched.GetAsync("/monitoring");

        Assert.Equal(("\"1\"", "\"1\"", "\"2\""), ($"{set.Headers.ETag}", $"{again.Headers.ETag}", $"{next.Headers.ETag}"));
        stale.Problem(412, "conflict");
        Assert.Equal("binary yes P3650D none", $"{set.Ok()["options"]!["schema"]!["task"]} {set.Json["options"]!["schema"]!["positive"]} {set.Json["options"]!["maxLabelLag"]} {set.Json["options"]!["keepRows"]}");
        Assert.Equal("40 sample 0.2 adwin P30D", $"{read.Ok()["options"]!["minCount"]} {read.Json["options"]!["keepRows"]} {read.Json["options"]!["thresholds"]!["js"]} {read.Json["options"]!["detectors"]![0]} {read.Json["options"]!["maxLabelLag"]}");
        // What is answered may be written.
        Assert.Equal("\"2\"", $"{(await watched.PutAsync("/monitoring", read.Json["options"]!.ToJsonString())).Headers.ETag}");
    }

    [Fact]
    public async Task Every_fault_of_options_is_told_at_once()
    {
        var watched = await StartAsync(host.Api, "monitors");

        var refused = await watched.PutAsync("/monitoring", """{"schema":{"task":"guess","id":7},"alpha":2,"correction":"x","minCount":0,"maxLabelLag":"soon","thresholds":{"js":"big"},"keepRows":"all","other":1}""");

        refused.Problem(400, "invalid");
        Assert.Subset(
            refused.Json["errors"]!.AsArray().Select(static fault => $"{fault!["field"]}").ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(["schema.task", "schema.id", "alpha", "correction", "minCount", "maxLabelLag", "thresholds.js", "keepRows", "other"], StringComparer.Ordinal));
        (await watched.GetAsync("/monitoring")).Problem(404, "not-found");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Late_labels_join_and_correct_and_those_of_nobody_are_counted(string kind)
    {
        var watched = await StartAsync(host.Api, kind);
        (await watched.PutAsync("/monitoring", Options)).Ok();
        (await watched.PostAsync($"/windows?{Day(2)}&window=w", Csv(0, 100), "text/csv")).Status.Equals(201);
        await watched.ComputeAsync();
        Assert.Equal(201, (await watched.LabelAsync("a", [.. Enumerable.Range(0, 80).Select(static row => (row, row % 2 == 0 ? "yes" : "no")), (7777, "yes")])).Status);
        Assert.Equal(201, (await watched.PostAsync("/labels?batch=csv", "predictionId,label,labelVersion\np0,no,1\np2,no,1\n", "text/csv")).Status);
        Assert.Equal(201, (await watched.PostAsync("/labels", "{\"predictionId\":\"p80\",\"label\":true}\n{\"predictionId\":\"p90\",\"label\":1.0,\"labelTime\":\"2026-03-09T00:00:00Z\"}\n", "application/x-ndjson", ("Label-Batch", "lines"))).Status);
        await watched.ComputeAsync();

        var drift = await watched.DriftAsync("?window=w");
        var waiting = (await watched.GetAsync("/labels")).Ok();
        var first = await watched.DriftAsync("?window=w&revision=1");
        var revisions = (await watched.GetAsync("/drift/results?window=w")).Ok()["results"]!.AsArray().Select(static one => $"{one!["result"]!["revision"]} {one["result"]!["cause"]} {one["result"]!["labelled"]}");

        Assert.Equal(("82", "100", "lateLabels", "2"), ($"{drift["labelled"]}", $"{drift["predictions"]}", $"{drift["cause"]}", $"{drift["revision"]}"));
        Assert.Equal(("0", "1"), ($"{first["labelled"]}", $"{first["revision"]}"));
        Assert.Equal(["2 lateLabels 82", "1  0"], revisions);
        Assert.Equal((1, "a"), (waiting["waiting"]!.GetValue<int>(), $"{waiting["batches"]![0]!["batch"]}"));
        (await watched.GetAsync("/drift?window=w&revision=9")).Problem(404, "not-found");
        (await watched.GetAsync("/drift?window=none")).Problem(404, "not-found");
        (await watched.GetAsync("/drift?revision=1")).Problem(400, "invalid");
    }

    [Fact]
    public async Task A_profile_of_the_producer_says_the_same_as_the_rows()
    {
        var (rows, profile) = (await StartAsync(host.Api, "monitors"), await StartAsync(host.Api, "monitors"));
        foreach (var watched in new[] { rows, profile })
        {
            (await watched.PutAsync("/monitoring", Options)).Ok();
            await watched.PostAsync("/baseline", Csv(0, 400), "text/csv");
        }
        await rows.PostAsync($"/windows?{Day(2)}&window=w", Csv(1000, 200, 0.2), "text/csv");
        // What a producer would count on the edges of the baseline is what the store answers of a baseline of those rows.
        var counter = await StartAsync(host.Api, "monitors");
        (await counter.PutAsync("/monitoring", Options)).Ok();
        using var ask = new HttpRequestMessage(HttpMethod.Get, profile.Path + "/baseline");
        var edges = (await host.Api.SendAsync(ask, ("Accept", ProfileType))).Ok();
        var counted = Counted(edges, 1000, 200, 0.2);

        Assert.Equal(201, (await profile.PostAsync("/windows", $$"""{"window":"w","start":"2026-03-02T00:00:00Z","end":"2026-03-03T00:00:00Z","profile":{{counted}}}""")).Status);
        Assert.Equal(201, (await profile.PostAsync($"/windows?{Day(3)}&window=v", counted, ProfileType)).Status);
        Assert.Equal(200, (await profile.PostAsync("/windows", $$"""{ "window":"w", "start":"2026-03-02T00:00:00Z","end":"2026-03-03T00:00:00Z", "profile": {{JsonNode.Parse(counted)!.ToJsonString(new() { WriteIndented = true })}} }""")).Status);
        await rows.ComputeAsync();
        await profile.ComputeAsync();

        var (of, by) = (await rows.DriftAsync("?window=w"), await profile.DriftAsync("?window=w"));
        Assert.Equal(Value(of, "x", "js"), Value(by, "x", "js"), 1e-12);
        Assert.Equal(Verdict(of, "x"), Verdict(by, "x"));
    }

    [Fact]
    public async Task A_version_tells_in_brief_what_watching_it_says_and_its_card_does()
    {
        var watched = await StartAsync(host.Api, "versions");
        var unwatched = await watched.GetAsync("");
        (await watched.PutAsync("/monitoring", """{"driftShare":0.4}""")).Ok();
        var empty = await watched.GetAsync("");
        await watched.PostAsync("/baseline", Csv(0, 400), "text/csv");
        await watched.PostAsync($"/windows?{Day(2)}&window=w", Csv(1000, 200, 2), "text/csv");
        await watched.ComputeAsync();
        var told = await watched.GetAsync("");
        using var known = new HttpRequestMessage(HttpMethod.Get, watched.Path);

        Assert.Null(unwatched.Ok()["drift"]);
        Assert.Equal("0 ", $"{empty.Ok()["drift"]!["baseline"]} {empty.Json["drift"]!["window"]}");
        Assert.Equal($"{watched.Path}/drift", $"{told.Ok()["drift"]!["link"]}");
        Assert.Equal("w closed 1", $"{told.Json["drift"]!["window"]} {told.Json["drift"]!["state"]} {told.Json["drift"]!["baseline"]}");
        Assert.Contains("column:x", told.Json["drift"]!["alerts"]!.AsArray().Select(static alert => $"{alert}"));
        Assert.Equal(304, (await host.Api.SendAsync(known, ("If-None-Match", $"{told.Headers.ETag}"))).Status);
        Assert.Equal(3, new[] { unwatched, empty, told }.Select(static answer => $"{answer.Headers.ETag}").Distinct(StringComparer.Ordinal).Count());
        // The tag still names the model's revision.
        (await host.Api.SendJsonAsync(HttpMethod.Patch, watched.Path, """{"description":"d"}""", ("If-Match", $"{told.Headers.ETag}"))).Ok();
        var card = (await host.Api.GetAsync(watched.Path + "/card?format=json")).Ok()["parts"]!.AsArray().Single(static part => part!["id"]!.ToString() == "drift")!;
        Assert.Contains("column:x", card["claims"]!.AsArray().Single(static claim => claim!["name"]!.ToString() == "open alerts")!["value"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_that_asks_for_no_open_alert_waits_for_a_window_without()
    {
        var watched = await StartAsync(host.Api, "versions");
        var model = watched.Path[..watched.Path.LastIndexOf("/versions/", StringComparison.Ordinal)];
        (await host.Api.SendJsonAsync(HttpMethod.Put, model + "/policy", """{"aliases":{"production":{"noOpenDriftAlert":true}}}""")).Ok();
        (await watched.PutAsync("/monitoring", Options)).Ok();
        var unknown = await MoveAsync();
        await watched.PostAsync("/baseline", Csv(0, 400), "text/csv");
        await watched.PostAsync($"/windows?{Day(2)}", Csv(1000, 200, 2), "text/csv");
        await watched.ComputeAsync();
        var open = await MoveAsync();
        await watched.PostAsync($"/windows?{Day(3)}", Csv(1000, 200, 0, 3), "text/csv");
        await watched.ComputeAsync();
        var free = await MoveAsync();

        Assert.Equal((409, 409, 200), (unknown.Status, open.Status, free.Status));
        Assert.Contains("no open drift alert: 2 open", open.Text, StringComparison.Ordinal);

        Task<Answer> MoveAsync() => host.Api.SendJsonAsync(HttpMethod.Put, model + "/aliases/production", """{"version":1}""");
    }

    [Fact]
    public async Task A_logged_dataset_is_a_baseline()
    {
        var watched = await StartAsync(host.Api, "monitors");
        (await watched.PutAsync("/monitoring", Options)).Ok();
        var run = await host.Api.CreateRunAsync(await host.Api.CreateExperimentAsync());
        var root = (await host.Api.GetRunAsync(run))["info"]!["artifact_uri"]!.ToString();
        var file = $"{root[(root.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim('/')}/train.csv";
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{file}") { Content = new StringContent(Csv(0, 120)) };
        (await host.Api.SendAsync(put)).Ok();
        var name = $"sets/{Guid.CreateVersion7()}";
        Assert.Equal(201, (await host.Api.PostAsync("/api/v1/artifacts", new { name, type = "dataset", uri = $"{root}/train.csv", digest = "d1" })).Status);
        Assert.Equal(201, (await host.Api.PostAsync("/api/v1/artifacts", new { name, type = "dataset", uri = "s3://elsewhere/x.csv", digest = "d2" })).Status);

        var made = await watched.PostAsync("/baseline", $$$"""{"dataset":{"artifact":"{{{name}}}","version":1}}""");
        var again = await watched.PostAsync("/baseline", $$$"""{"dataset":{"artifact":"{{{name}}}","version":"digest:d1"}}""");

        Assert.Equal((201, 200), (made.Status, again.Status));
        Assert.Equal($"dataset:{name}/1 120", $"{made.Json["source"]} {made.Json["rows"]}");
        Assert.Contains("s3://elsewhere", (await watched.PostAsync("/baseline", $$$"""{"dataset":{"artifact":"{{{name}}}"}}""")).Problem(400, "invalid"), StringComparison.Ordinal);
        (await watched.PostAsync("/baseline", """{"dataset":{"artifact":"none"}}""")).Problem(400, "invalid");
        (await watched.PostAsync("/baseline", """{"dataset":{"artifact":"none","version":"x y"}}""")).Problem(400, "invalid");
    }

    [Fact]
    public async Task Monitors_are_listed_by_name()
    {
        var watched = await StartAsync(host.Api, "monitors");
        (await watched.GetAsync("/windows")).Problem(404, "not-found");
        (await watched.PostAsync($"/windows?{Day(2)}", Csv(0, 40), "text/csv")).Status.Equals(201);

        var names = new List<string>();
        for (string? token = ""; token is not null;)
        {
            var page = (await host.Api.GetAsync($"/api/v1/monitors?pageSize=3&pageToken={token}")).Ok();
            names.AddRange(page["monitors"]!.AsArray().Select(static monitor => monitor!["path"]!.ToString()));
            token = page["nextPageToken"]?.ToString();
        }

        Assert.Contains(watched.Path, names);
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        (await host.Api.GetAsync("/api/v1/monitors?pageToken=x")).Problem(400, "invalid");
    }

    private static async Task<List<int>> StatusesAsync(params Func<Task<Answer>>[] calls)
    {
        var statuses = new List<int>();
        foreach (var call in calls)
        {
            statuses.Add((await call()).Status);
        }
        return statuses;
    }

    // Counts rows as Csv makes them on the edges of a baseline.
    private static string Counted(JsonNode baseline, int from, int count, double shift)
    {
        var rows = Enumerable.Range(from, count).Select(row => Math.Sin(row * 12.9898) * 43758.5453).Select(x => double.Parse((x - Math.Floor(x) + shift).ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var edges = baseline["columns"]!.AsArray().Single(static column => column!["name"]!.ToString() == "x")!["edges"]!.AsArray().Select(static edge => edge!.GetValue<double>()).ToList();
        var counts = new long[edges.Count - 1];
        var (below, above) = (0, 0);
        foreach (var x in rows)
        {
            if (x < edges[0])
            {
                below++;
            }
            else if (x > edges[^1])
            {
                above++;
            }
            else
            {
                counts[Math.Min(counts.Length - 1, edges.FindLastIndex(edge => edge <= x))]++;
            }
        }
        var mean = rows.Average();
        double Power(int power) => rows.Sum(x => Math.Pow(x - mean, power));
        return new JsonObject
        {
            ["rows"] = count,
            ["columns"] = new JsonArray(new JsonObject
            {
                ["name"] = "x",
                ["kind"] = "numeric",
                ["missing"] = 0,
                ["min"] = rows.Min(),
                ["max"] = rows.Max(),
                ["moments"] = new JsonObject { ["mean"] = mean, ["m2"] = Power(2), ["m3"] = Power(3), ["m4"] = Power(4) },
                ["counts"] = new JsonArray([.. counts.Select(static one => (JsonNode)one)]),
                ["below"] = below,
                ["above"] = above,
            }),
        }.ToJsonString();
    }

    private static JsonNode Column(JsonNode result, string column) => result["columns"]!.AsArray().Single(one => one!["column"]!.ToString() == column)!;

    private static string Verdict(JsonNode result, string column) => Column(result, column)["verdict"]!.ToString();

    private static double Value(JsonNode result, string column, string metric) => Column(result, column)["metrics"]!.AsArray().Single(one => one!["metric"]!.ToString() == metric)!["value"]!.GetValue<double>();
}

public sealed class MonitoringTestsOnKestrel(KestrelHost host) : MonitoringTests(host), IClassFixture<KestrelHost>;

public sealed class MonitoringTestsOnFunctions(FunctionsHost host) : MonitoringTests(host), IClassFixture<FunctionsHost>;
