using System.Globalization;
using System.Text;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.ContractTests.Native;
using static ServerlessMeta.ContractTests.Monitoring.Watched;

namespace ServerlessMeta.ContractTests.Monitoring;

/// <summary>Data as production has it at its worst: an answer each time, no NaN in any JSON, and a fault of the caller is named.</summary>
public sealed class HostileMonitoringTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Theory]
    [InlineData("empty", "x,city\n")]
    [InlineData("constant", "x,city\n1,a\n1,a\n1,a\n")]
    [InlineData("all missing", "x,city\n,\nNaN,null\nNA,None\n")]
    [InlineData("one row", "x,city\n0.5,Oslo\n")]
    [InlineData("huge", "x,city\n1e308,Oslo\n-1e308,Oslo\n1.7976931348623157e308,Rome\n5e-324,Rome\n")]
    [InlineData("infinite", "x,city\nInfinity,Oslo\n-inf,Rome\n1e999,Rome\n")]
    [InlineData("another type", "x,city\nword,1\nother,2\nthird,3\n")]
    [InlineData("unseen columns", "z,y\n1,2\n3,4\n")]
    [InlineData("a column less", "x\n0.1\n0.2\n")]
    [InlineData("hostile names", "\"x\n<script>\",'; DROP,|a|b#?/\\\\,\u202e\n1,2,3,4\n")]
    public async Task A_window_is_computed_whatever_it_holds(string what, string rows)
    {
        foreach (var hasBaseline in new[] { true, false })
        {
            var watched = await StartAsync(host.Api, "monitors");
            // Few rows are enough here.
            (await watched.PutAsync("/monitoring", """{"minCount":1}""")).Ok();
            if (hasBaseline)
            {
                Assert.Equal(201, (await watched.PostAsync("/baseline", "x,city\n" + string.Concat(Enumerable.Range(0, 100).Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row / 100.0},{(row % 3 == 0 ? "Oslo" : "Rome")}\n"))), "text/csv")).Status);
            }
            // The many rows of other parts must not hide it, nor it them.
            var posted = await watched.PostAsync($"/windows?{Day(2)}&window=w", rows, "text/csv");

            if (posted.Status == 400)
            {
                Assert.Contains(what, (string[])["hostile names"]);
                Assert.NotEmpty(posted.Problem(400, "invalid"));
                continue;
            }
            Assert.True(posted.Status == 201, $"{what}: {posted.Status} {posted.Text}");
            var computed = await watched.ComputeAsync();
            Assert.Equal("0 0", $"{computed["failed"]} {computed["left"]}");
            var drift = await watched.GetAsync("/drift");
            Assert.Equal(hasBaseline ? 1 : 0, drift.Ok()["baseline"]!.GetValue<int>());
            Assert.DoesNotContain("NaN", drift.Text.Replace("NaN,", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", drift.Text, StringComparison.Ordinal);
            Assert.NotEmpty((await watched.GetAsync("/drift/history?column=x&metric=js")).Ok()["scope"]!.ToString());
        }
    }

    [Fact]
    public async Task A_thousand_columns_are_watched_and_one_more_is_refused()
    {
        var watched = await StartAsync(host.Api, "versions");
        static string Table(int columns, int rows, int shift) => string.Join(',', Enumerable.Range(0, columns).Select(static column => $"column {column}")) + "\n"
            + string.Concat(Enumerable.Range(0, rows).Select(row => string.Join(',', Enumerable.Range(0, columns).Select(column => ((row * 7919 + column * 104729) % 1000 + (column % 2 * shift)).ToString(CultureInfo.InvariantCulture))) + "\n"));

        Assert.Equal(201, (await watched.PostAsync("/baseline", Table(1000, 100, 0), "text/csv")).Status);
        Assert.Equal(201, (await watched.PostAsync($"/windows?{Day(2)}&window=w", Table(1000, 60, 5000), "text/csv")).Status);
        await watched.ComputeAsync();
        var drift = await watched.DriftAsync();
        var results = (await watched.GetAsync("/drift/results")).Ok()["results"]![0]!;

        Assert.Equal(1000, drift["columns"]!.AsArray().Count);
        Assert.Equal(500, drift["columns"]!.AsArray().Count(static column => column!["verdict"]!.ToString() == "drift"));
        Assert.Equal("500 1000", $"{results["result"]!["drifted"]} {results["result"]!["compared"]}");
        foreach (var column in new[] { 0, 1, 499, 998, 999 })
        {
            var point = (await watched.GetAsync($"/drift/history?column=column%20{column}&metric=js")).Ok()["points"]!.AsArray().Single()!;
            Assert.Equal(drift["columns"]![column]!["metrics"]!.AsArray().Single(static metric => metric!["metric"]!.ToString() == "js")!["value"]!.GetValue<double>(), point["value"]!.GetValue<double>());
        }
        (await watched.PostAsync($"/windows?{Day(3)}", Table(1001, 2, 0), "text/csv")).Problem(400, "invalid");
    }

    [Theory]
    [InlineData("POST", "/windows", "{}", "application/json")]
    [InlineData("POST", "/windows", "[]", "application/json")]
    [InlineData("POST", "/windows", "", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-01T00:00:00Z\",\"rows\":[{\"x\":1}]}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"yesterday\",\"end\":7,\"rows\":[{\"x\":1}]}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\"}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\",\"rows\":7}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\",\"rows\":[{\"x\":1}],\"profile\":{}}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\",\"profile\":{\"rows\":-1}}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\",\"window\":\"\\ud800\",\"rows\":[{\"x\":1}]}", "application/json")]
    [InlineData("POST", "/windows", "{\"start\":\"2026-03-02T00:00:00Z\",\"start\":\"2026-03-02T00:00:00Z\",\"end\":\"2026-03-03T00:00:00Z\",\"rows\":[]}", "application/json")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z", "x\n1\n", "text/csv")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z", "x\n1\n", "text/html")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z", "x,x\n1,2\n", "text/csv")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z", "PAR1 but no Parquet", "application/vnd.apache.parquet")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z", "{\"rows\":1", "application/vnd.serverlessmeta.profile+json")]
    [InlineData("POST", "/windows?start=2026-03-02T00:00:00Z&end=2036-03-20T00:00:00Z", "x\n1\n", "text/csv")]
    [InlineData("POST", "/baseline", "x\n", "text/csv")]
    [InlineData("POST", "/baseline", "{\"dataset\":{}}", "application/json")]
    [InlineData("POST", "/baseline", "{\"dataset\":{\"artifact\":\"a\"},\"rows\":[]}", "application/json")]
    [InlineData("POST", "/baseline", "nothing", "application/octet-stream")]
    [InlineData("POST", "/labels", "{}", "application/json")]
    [InlineData("POST", "/labels", "{\"labels\":[]}", "application/json")]
    [InlineData("POST", "/labels", "{\"labels\":[{\"predictionId\":\"\",\"label\":null},{\"predictionId\":\"a\",\"label\":[]},7]}", "application/json")]
    [InlineData("POST", "/labels", "{\"labels\":[{\"predictionId\":\"a\",\"label\":1,\"labelVersion\":-1,\"predictionTime\":\"x\"}]}", "application/json")]
    [InlineData("POST", "/labels", "predictionId\np1\n", "text/csv")]
    [InlineData("POST", "/labels", "predictionId,label\np1\n", "text/csv")]
    [InlineData("POST", "/labels", "{\"predictionId\":", "application/x-ndjson")]
    [InlineData("POST", "/labels", "x", "text/plain")]
    [InlineData("PUT", "/monitoring", "[]", "application/json")]
    [InlineData("PUT", "/monitoring", "{\"schema\":7}", "application/json")]
    [InlineData("GET", "/windows?from=x", null, "")]
    [InlineData("GET", "/windows?pageSize=0", null, "")]
    [InlineData("GET", "/windows?pageToken=AAAA", null, "")]
    [InlineData("GET", "/baseline?number=-1", null, "")]
    [InlineData("GET", "/drift/history", null, "")]
    [InlineData("GET", "/drift/history?metric=js&scope=column", null, "")]
    [InlineData("GET", "/drift/history?metric=js&scope=x", null, "")]
    [InlineData("GET", "/drift/results?pageToken=AAAA", null, "")]
    [InlineData("POST", "/drift/compute?from=x", "", "application/json")]
    public async Task A_fault_of_the_caller_is_named(string method, string below, string? body, string type)
    {
        foreach (var kind in MonitoringTests.Kinds)
        {
            var watched = await StartAsync(host.Api, kind);
            (await watched.PutAsync("/monitoring", "{}")).Ok();

            var answer = method == "POST" ? await watched.PostAsync(below, body!, type) : method == "PUT" ? await watched.PutAsync(below, body!) : await watched.GetAsync(below);

            Assert.NotEmpty(answer.Problem(400, "invalid"));
            Assert.NotEmpty(answer.Json["errors"]!.AsArray());
        }
    }

    [Fact]
    public async Task Names_are_names_whatever_they_look_like()
    {
        foreach (var name in (string[])["..", "a|b", "x}y", "{target}", "\u202e\u0301", new string('x', 200), "t|m.0000000001.0000000001", "' or '1' eq '1"])
        {
            var path = $"/api/v1/monitors/{Uri.EscapeDataString(name).Replace(".", "%2E", StringComparison.Ordinal)}";
            var posted = await host.Api.PostBytesAsync($"{path}/windows?{Day(2)}&window={Uri.EscapeDataString(name)}&part={Uri.EscapeDataString(name)}", Encoding.UTF8.GetBytes("x\n1\n"), "text/csv");
            if (name == "..")
            {
                // A path that climbs is no name, whichever way it is written.
                Assert.InRange(posted.Status, 400, 404);
                continue;
            }
            Assert.Equal(201, posted.Status);
            Assert.Equal(name, (await host.Api.GetAsync($"{path}/windows/{Uri.EscapeDataString(name)}")).Ok()["window"]!.ToString());
        }
        (await host.Api.GetAsync($"/api/v1/monitors/{new string('x', 201)}/windows")).Problem(400, "invalid");
        (await host.Api.GetAsync("/api/v1/monitors/a%0Ab/windows")).Problem(400, "invalid");
        (await host.Api.GetAsync("/api/v1/models/none/versions/1/drift")).Problem(404, "not-found");
        var watched = await StartAsync(host.Api, "versions");
        (await watched.GetAsync("/drift")).Problem(404, "not-found");
        (await watched.GetAsync("/baseline")).Problem(404, "not-found");
        (await host.Api.GetAsync(watched.Path[..^1] + "2/drift")).Problem(404, "not-found");
        (await watched.GetAsync("/windows/none")).Problem(404, "not-found");
    }

    [Fact]
    public async Task A_body_of_a_hundred_megabytes_is_taken_or_refused_and_takes_no_memory_that_lasts()
    {
        var watched = await StartAsync(host.Api, "monitors");
        var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{0.123456789},{0.987654321},Oslo,{12345}\n"));
        var header = Encoding.UTF8.GetBytes("x,y,city,n\n");
        var body = new byte[100 * 1024 * 1024 - 1024];
        header.CopyTo(body, 0);
        var at = header.Length;
        for (; at + line.Length <= body.Length; at += line.Length)
        {
            line.CopyTo(body, at);
        }

        var taken = await host.Api.PostBytesAsync($"{watched.Path}/windows?{Day(2)}&window=w", body[..at], "text/csv");
        int refused;
        try
        {
            refused = (await host.Api.PostBytesAsync($"{watched.Path}/windows?{Day(3)}&window=v", new byte[101 * 1024 * 1024], "text/csv")).Status;
        }
        catch (HttpRequestException)
        {
            // The store answered and hung up before all was sent.
            refused = 413;
        }

        Assert.Equal(201, taken.Status);
        Assert.Equal((at - header.Length) / line.Length, taken.Json["part"]!["rows"]!.GetValue<long>());
        Assert.InRange(refused, 400, 413);
        (await watched.GetAsync("/windows/v")).Problem(404, "not-found");
    }
}
