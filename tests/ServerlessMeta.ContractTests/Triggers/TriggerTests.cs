using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.ContractTests.Triggers;

/// <summary>Rules and triggers, over HTTP.</summary>
public abstract class TriggerTests(StoreHost host)
{
    private static int windows;

    [Fact]
    public async Task A_rule_is_set_read_changed_and_deleted()
    {
        var (model, id) = await NewAsync();
        var path = $"/api/v1/rules/{id}";

        var made = await PutAsync(path, Rule(model), ("If-None-Match", "*"));
        Assert.Equal((201, "\"1\"", id, "ok"), (made.Status, made.Headers.ETag?.ToString(), made.Json["id"]!.GetValue<string>(), made.Json["state"]!["state"]!.GetValue<string>()));
        Assert.Equal(200, (await PutAsync(path, Rule(model), ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await PutAsync(path, Rule(model, "off"), ("If-Match", "\"7\""))).Status);
        Assert.Equal(412, (await PutAsync(path, Rule(model, "off"), ("If-None-Match", "*"))).Status);
        var changed = await PutAsync(path, Rule(model, "off"), ("If-Match", "\"1\""));
        Assert.Equal((200, "\"2\"", "off"), (changed.Status, changed.Headers.ETag?.ToString(), changed.Json["rule"]!["mode"]!.GetValue<string>()));

        var read = (await host.Api.GetAsync(path)).Ok();
        Assert.Equal(changed.Json.ToJsonString(), read.ToJsonString());
        Assert.Equal(201, (await PutAsync(path + "-copy", read["rule"]!.ToJsonString())).Status);
        var listed = (await host.Api.GetAsync("/api/v1/rules", ("model", model), ("pageSize", "1"))).Ok();
        var rest = (await host.Api.GetAsync("/api/v1/rules", ("model", model), ("pageSize", "1"), ("pageToken", listed["nextPageToken"]!.GetValue<string>()))).Ok();
        Assert.Equal([id, id + "-copy"], new[] { listed, rest }.Select(static page => page["rules"]![0]!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal));

        Assert.Equal(412, (await host.Api.SendJsonAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).Status);
        Assert.Equal(204, (await host.Api.DeleteAsync(path)).Status);
        Assert.Equal(404, (await host.Api.DeleteAsync(path)).Status);
        Assert.Equal(404, (await host.Api.GetAsync(path)).Status);
        Assert.Equal(["rule.delete", "rule.update", "rule.create"], (await host.Api.GetAsync("/api/v1/audit", ("object", "rule:" + id))).Ok()["entries"]!.AsArray().Select(static entry => entry!["action"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Every_fault_of_a_rule_is_told_at_once()
    {
        var answer = await PutAsync("/api/v1/rules/-", """{"target": {"model": "m"}, "when": {"any": [{"signal": "wind"}, {"signal": "performance", "metric": "rmse"}]}, "mode": "loud"}""", ("If-Match", "x"));

        Assert.Equal((400, "urn:serverlessmeta:problem:invalid"), (answer.Status, answer.Json["type"]!.GetValue<string>()));
        Assert.Equal(["If-Match", "id", "mode", "when.any[0].signal", "when.any[1].enter"], answer.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal(400, (await PutAsync("/api/v1/rules/r", "{")).Status);
        Assert.Equal(400, (await PutAsync("/api/v1/rules/defaults", Rule("m"))).Status);
        Assert.Equal("target.model", (await PutAsync("/api/v1/rules/r", Rule("there is no such model"))).Json["errors"]![0]!["field"]!.GetValue<string>());
        Assert.Equal(400, (await host.Api.GetAsync("/api/v1/triggers", ("state", "lost"))).Status);
        Assert.Equal(404, (await host.Api.GetAsync("/api/v1/triggers/" + new string('0', 32))).Status);
        Assert.Equal(404, (await host.Api.GetAsync("/api/v1/triggers/nothing")).Status);
        Assert.Equal(404, (await host.Api.GetAsync("/api/v1/runs/nothing/trigger")).Status);
        Assert.Equal(404, (await host.Api.PostJsonAsync($"/api/v1/triggers/{new string('0', 32)}/started", "{}")).Status);
    }

    [Fact]
    public async Task The_defaults_can_be_set_as_they_are_and_none_retrains_by_features_alone()
    {
        var (model, id) = await NewAsync();

        var defaults = (await host.Api.GetAsync("/api/v1/rules/defaults", ("model", model))).Ok()["defaults"]!.AsArray();

        Assert.NotEmpty(defaults);
        foreach (var one in defaults)
        {
            Assert.Equal(201, (await PutAsync($"/api/v1/rules/{id}-{one!["name"]}", one["rule"]!.ToJsonString())).Status);
            var text = one["rule"]!["when"]!.ToJsonString();
            Assert.True(!text.Contains("dataDrift", StringComparison.Ordinal) || text.Contains("predictionDrift", StringComparison.Ordinal));
        }
        Assert.DoesNotContain("staleness", (await host.Api.GetAsync("/api/v1/rules/defaults", ("monitor", "clicks"))).Ok().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trigger_is_suggested_approved_begun_and_ended_and_read_from_every_side()
    {
        var (model, id) = await NewAsync();
        await PutAsync($"/api/v1/rules/{id}", Rule(model, "suggest"));
        await DriftAsync(model);

        var found = Assert.Single((await host.Api.GetAsync("/api/v1/triggers", ("model", model), ("rule", id), ("state", "suggested"))).Ok()["triggers"]!.AsArray())!["trigger"]!;
        var path = $"/api/v1/triggers/{found["id"]}";
        var cause = found["cause"]![0]!;
        Assert.Equal(("dataDrift", "psi", 0.5, 0.1, "x"), (
            cause["signal"]!.GetValue<string>(), cause["metric"]!.GetValue<string>(), cause["value"]!.GetValue<double>(), cause["threshold"]!.GetValue<double>(), cause["columns"]![0]!["column"]!.GetValue<string>()));

        var approved = (await host.Api.PostJsonAsync(path + "/approve", "")).Ok();
        Assert.Equal(("requested", 1), (approved["trigger"]!["status"]!.GetValue<string>(), approved["deliveries"]!.AsArray().Count));
        var run = await host.Api.CreateRunAsync("0");
        Assert.Equal("started", (await host.Api.PostJsonAsync(path + "/started", $$"""{"run": "{{run}}"}""")).Ok()["trigger"]!["status"]!.GetValue<string>());
        Assert.Equal(400, (await host.Api.PostJsonAsync(path + "/completed", """{"status": "well", "modelVersion": 0, "more": 1}""")).Status);
        var ended = (await host.Api.PostJsonAsync(path + "/completed", $$"""{"run": "{{run}}", "modelVersion": 2, "status": "succeeded"}""")).Ok();
        Assert.Equal(409, (await host.Api.PostJsonAsync(path + "/completed", """{"status": "failed"}""")).Status);

        Assert.Equal(("completed", run, 2), (ended["trigger"]!["status"]!.GetValue<string>(), ended["runInfo"]!["id"]!.GetValue<string>(), ended["trigger"]!["newVersion"]!.GetValue<int>()));
        Assert.Equal(ended["trigger"]!.ToJsonString(), (await host.Api.GetAsync($"/api/v1/runs/{run}/trigger")).Ok()["trigger"]!.ToJsonString());
        foreach (var version in new[] { "1", "2", "latest" })
        {
            var of = (await host.Api.GetAsync($"/api/v1/models/{Uri.EscapeDataString(model)}/versions/{version}/triggers")).Ok();
            Assert.Equal(found["id"]!.GetValue<string>(), Assert.Single(of["triggers"]!.AsArray())!["trigger"]!["id"]!.GetValue<string>());
        }
        Assert.Equal(200, (await host.Api.GetAsync(ended["links"]!["newVersion"]!.GetValue<string>())).Status);
        Assert.Equal(200, (await host.Api.GetAsync(ended["links"]!["rule"]!.GetValue<string>())).Status);
        Assert.Empty((await host.Api.GetAsync("/api/v1/audit/verify", ("object", "rule:" + id))).Ok()["findings"]!.AsArray());
    }

    [Fact]
    public async Task A_dry_run_takes_the_rule_that_is_stored_or_the_one_that_is_sent()
    {
        var (model, id) = await NewAsync();
        var path = $"/api/v1/rules/{id}/dry-run";

        Assert.Equal(404, (await host.Api.SendJsonAsync(HttpMethod.Post, path, null)).Status);
        Assert.Equal("would not have fired in 0 windows", (await host.Api.PostJsonAsync(path, Rule(model))).Ok()["summary"]!.GetValue<string>());
        Assert.Equal(404, (await host.Api.GetAsync($"/api/v1/rules/{id}")).Status);
        await PutAsync($"/api/v1/rules/{id}", Rule(model));
        Assert.Equal(1, (await host.Api.SendJsonAsync(HttpMethod.Post, path + "?from=2026-01-31T00:00:00Z", null)).Ok()["version"]!.GetValue<int>());
        Assert.Equal(["from", "mode"], (await host.Api.PostJsonAsync(path + "?from=soon", Rule(model, "loud"))).Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_that_carries_the_triggers_tag_leads_to_it_at_once()
    {
        var (model, id) = await NewAsync();
        await PutAsync($"/api/v1/rules/{id}", Rule(model));
        await DriftAsync(model);
        var trigger = (await host.Api.GetAsync("/api/v1/triggers", ("rule", id))).Ok()["triggers"]![0]!["trigger"]!["id"]!.GetValue<string>();

        var run = await host.Api.CreateRunAsync("0", new { tags = new[] { new { key = "serverlessmeta.trigger", value = trigger } } });

        Assert.Equal(trigger, (await host.Api.GetAsync($"/api/v1/runs/{run}/trigger")).Ok()["trigger"]!["id"]!.GetValue<string>());
        Assert.Equal(404, (await host.Api.GetAsync($"/api/v1/runs/{await host.Api.CreateRunAsync("0")}/trigger")).Status);
    }

    private Task<Answer> PutAsync(string path, string json, params (string Name, string Value)[] headers) => host.Api.SendJsonAsync(HttpMethod.Put, path, json, headers);

    private static string Rule(string model, string mode = "auto") =>
        $$"""{"target": {"model": "{{model}}", "version": 1}, "when": {"signal": "dataDrift", "metric": "psi", "enter": 0.1}, "mode": "{{mode}}"}""";

    private async Task<(string Model, string Rule)> NewAsync()
    {
        var id = WriteId.New();
        var model = $"m \u00e9 {id}";
        (await host.Api.PostAsync("registered-models/create", new { name = model })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name = model, source = "s3://b/a" })).Ok();
        (await host.Api.PostAsync("model-versions/create", new { name = model, source = "s3://b/b" })).Ok();
        return (model, "r-" + id);
    }

    // What the drift timer does when it has computed a window.
    private async Task DriftAsync(string model)
    {
        var number = (await host.Api.GetAsync($"/api/v1/models/{Uri.EscapeDataString(model)}")).Ok()["number"]!.GetValue<long>();
        var day = DateTimeOffset.UnixEpoch.AddDays(20_000 + Interlocked.Increment(ref windows));
        var metric = new MetricResult { Metric = "psi", Status = MetricStatus.Ok, Value = 0.5, Method = "profile", CurrentCount = 400, ReferenceCount = 1000, Verdict = Verdict.Drift };
        await host.Services.GetRequiredService<WindowEvaluated>()(
            MonitorTarget.Of(number, 1),
            new WindowResult
            {
                Window = "w", Start = day, End = day.AddDays(1), Revision = 1, ComputedAt = day, Baseline = 1, State = WindowState.Closed, Rows = 400,
                Columns = [new ColumnResult { Column = "x", Role = ColumnRole.Feature, Kind = ColumnKind.Numeric, Status = MetricStatus.Ok, Metrics = [metric] }],
            },
            TestContext.Current.CancellationToken);
    }
}

public sealed class TriggerTestsOnKestrel(KestrelHost host) : TriggerTests(host), IClassFixture<KestrelHost>;

public sealed class TriggerTestsOnFunctions(FunctionsHost host) : TriggerTests(host), IClassFixture<FunctionsHost>;
