using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Policies;

/// <summary>Evaluations, approvals, policies and gates over HTTP, and what MLflow's own calls say of a guarded model.</summary>
public abstract class PolicyTests(StoreHost host)
{
    private const string TwoOthers = """{"aliases":{"production":{"approvals":{"count":2},"evaluations":"accuracy >= 0.9 on holdout"}},"stages":{"Production":{"approvals":{"count":1}}}}""";
    private readonly Api api = host.Api;

    [Fact]
    public async Task A_version_goes_from_a_failing_gate_over_evaluation_and_approvals_to_production()
    {
        var model = await RegisterAsync(2);
        Assert.Equal(200, (await PutAsync($"{model}/policy", TwoOthers)).Status);

        var refused = await AliasAsync(model, 1);
        refused.Fails(403, "PERMISSION_DENIED",
            "Alias 'production' is guarded by a policy; not met: approvals of 2 persons other than the author: none; evaluation accuracy >= 0.9 on holdout: not evaluated");
        var gate = (await api.GetAsync($"{model}/versions/1/gates", ("alias", "production"))).Ok()["gates"]![0]!;
        Assert.Equal("""["unmet","met","unmet"]""", States(gate));
        Assert.Equal("false", gate["open"]!.ToJsonString());

        var evaluation = await api.PostAsync($"{model}/versions/1/evaluations", new
        {
            dataset = new { name = "holdout", digest = "1a2b" },
            metrics = new object[] { new { key = "accuracy", value = 0.92, n = 500, low = 0.9, high = 0.94 } },
            evaluator = "nightly",
        });
        Assert.Equal(201, evaluation.Status);
        Assert.Equal(evaluation.Text, (await api.GetAsync(evaluation.Headers.Location!.ToString())).Text);
        foreach (var person in new[] { "ann", "bob" })
        {
            Assert.Equal(201, (await SayAsync(model, 1, person, "approve")).Status);
        }
        (await AliasAsync(model, 1, "carl")).Ok();

        var decision = (await api.GetAsync($"{model}/decisions", ("for", "alias:production"))).Ok()["decisions"]!.AsArray().Single()!;
        Assert.Equal("carl", decision["by"]!.ToString());
        Assert.Equal("""["bob","ann"]""", decision["approvedBy"]!.ToJsonString());
        Assert.Equal($"evaluation:{evaluation.Json["id"]}", decision["conditions"]![2]!["evidence"]![0]!.ToString());
        Assert.Equal("[]", decision["from"]!.ToJsonString());
        var after = (await api.GetAsync($"{model}/versions/1/gates")).Ok();
        Assert.Equal("""["alias:production","stage:Production"]""", new JsonArray([.. after["gates"]!.AsArray().Select(static one => (JsonNode)one!["target"]!.ToString())]).ToJsonString());
        Assert.Equal(decision["id"]!.ToString(), after["gates"]![0]!["decision"]!["id"]!.ToString());
        Assert.Equal(1, after["gates"]![0]!["holder"]!.GetValue<int>());
    }

    [Fact]
    public async Task Stages_are_guarded_through_transitions_and_deletions()
    {
        var model = await RegisterAsync(1);
        await PutAsync($"{model}/policy", """{"stages":{"production":{"approvals":{"count":1},"keepHolder":true}}}""");
        var body = new { name = NameOf(model), version = "1", stage = "production", archive_existing_versions = false };

        (await api.PostAsync("model-versions/transition-stage", body)).Fails(403, "PERMISSION_DENIED", "Stage 'Production' is guarded by a policy; not met: approval of 1 person other than the author: none");
        Problem(await PutAsync($"{model}/stages/Production", """{"version":1}"""), 409, "unmet-conditions");
        await SayAsync(model, 1, "ann", "approve", "stage:production");
        (await api.PostAsync("model-versions/transition-stage", body)).Ok();
        (await api.SendJsonAsync(HttpMethod.Delete, "model-versions/delete", JsonSerializer.Serialize(new { name = NameOf(model), version = "1" })))
            .Fails(403, "PERMISSION_DENIED", "Stage 'Production' is guarded by a policy; not met: a version holds it: none would; give it to another version");
    }

    [Fact]
    public async Task A_native_refusal_lists_each_condition_and_an_override_needs_an_administrator()
    {
        var model = await RegisterAsync(1);
        await PutAsync($"{model}/policy", TwoOthers);
        var writer = await TokenAsync("writer");

        var refused = await PutAsync($"{model}/aliases/production", """{"version":1}""");
        Problem(refused, 409, "unmet-conditions");
        Assert.Equal(2, refused.Json["errors"]!.AsArray().Count);
        Problem(await PutAsync($"{model}/aliases/production", """{"version":1,"override":"fire"}""", writer), 403, "forbidden");
        (await PutAsync($"{model}/aliases/production", """{"version":1,"override":"fire"}""")).Ok();

        Assert.Equal("true", (await api.GetAsync($"{model}/versions/1")).Ok()["overridden"]!.ToJsonString());
        Assert.Equal("true", (await api.GetAsync($"{model}/versions/1/approvals")).Ok()["overridden"]!.ToJsonString());
        Assert.Equal("true", (await api.GetAsync($"{model}/versions/1/gates")).Ok()["overridden"]!.ToJsonString());
        var decision = (await api.GetAsync($"{model}/decisions", ("overridden", "true"), ("version", "1"))).Ok()["decisions"]![0]!;
        Assert.Equal(("fire", "unmet"), (decision["reason"]!.ToString(), decision["conditions"]![0]!["state"]!.ToString()));
        Assert.Equal("[]", (await api.GetAsync($"{model}/decisions", ("overridden", "false"))).Ok()["decisions"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_may_approve_and_set_policies_is_a_matter_of_roles()
    {
        var model = await RegisterAsync(1);
        var (writer, approver) = (await TokenAsync("writer"), await TokenAsync("approver"));

        Assert.Equal(403, (await SendAsync(HttpMethod.Post, $"{model}/versions/1/approvals", """{"decision":"approve"}""", writer)).Status);
        Assert.Equal(403, (await SendAsync(HttpMethod.Put, $"{model}/policy", "{}", approver)).Status);
        var approved = await SendAsync(HttpMethod.Post, $"{model}/versions/1/approvals", """{"decision":"approve","comment":"Fine.\nReally."}""", approver);
        Assert.Equal((201, "approver", false), (approved.Status, approved.Json["role"]!.ToString(), approved.Json["byAuthor"]!.GetValue<bool>()));
        Assert.Equal(201, (await SendAsync(HttpMethod.Post, $"{model}/versions/1/evaluations", Evaluation(0.5), writer)).Status);
    }

    [Fact]
    public async Task What_was_said_is_kept_and_told_as_of_any_moment()
    {
        var model = await RegisterAsync(1);
        var first = await SayAsync(model, 1, "ann", "approve");
        Assert.Equal(200, (await SayAsync(model, 1, "ann", "approve")).Status);
        await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(201, (await SayAsync(model, 1, "ann", "withdraw")).Status);
        Problem(await SayAsync(model, 1, "bob", "withdraw"), 409, "clash");
        await PutAsync($"{model}/policy", TwoOthers);
        Problem(await SayAsync(model, 1, "maker", "approve"), 403, "forbidden");

        Assert.Equal("""["withdraw","approve"]""", await DecisionsAsync(""));
        Assert.Equal("""["approve"]""", await DecisionsAsync($"?asOf={Uri.EscapeDataString(first.Json["at"]!.ToString())}"));
        var page = (await api.GetAsync($"{model}/versions/1/approvals?pageSize=1")).Ok();
        Assert.Equal("approve", (await api.GetAsync($"{model}/versions/1/approvals", ("pageSize", "1"), ("pageToken", page["nextPageToken"]!.ToString()))).Ok()["approvals"]![0]!["decision"]!.ToString());

        async Task<string> DecisionsAsync(string query) =>
            new JsonArray([.. (await api.GetAsync($"{model}/versions/latest/approvals{query}")).Ok()["approvals"]!.AsArray().Select(static one => (JsonNode)one!["decision"]!.ToString())]).ToJsonString();
    }

    [Fact]
    public async Task A_policy_is_set_over_the_one_that_was_seen_and_each_state_is_kept()
    {
        var model = await RegisterAsync(1);
        Problem(await api.GetAsync($"{model}/policy"), 404, "not-found");

        var first = await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", TwoOthers, ("If-None-Match", "*"));
        Assert.Equal((200, "\"1\""), (first.Status, first.Headers.ETag!.ToString()));
        Problem(await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", "{}", ("If-None-Match", "*")), 412, "conflict");
        Assert.Equal(first.Text, (await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", TwoOthers, ("If-None-Match", "*"))).Text);
        var again = await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", first.Json["policy"]!.ToJsonString(), ("If-Match", "\"1\""));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(2, (await PutAsync($"{model}/policy", "{}")).Ok()["number"]!.GetValue<int>());
        Problem(await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", TwoOthers, ("If-Match", "\"1\"")), 412, "conflict");
        Problem(await api.SendJsonAsync(HttpMethod.Put, $"{model}/policy", TwoOthers, ("If-Match", "x")), 400, "invalid");

        Assert.Equal(first.Text, (await api.GetAsync($"{model}/policy", ("number", "1"))).Text);
        Assert.Equal(first.Text, (await api.GetAsync($"{model}/policy", ("asOf", first.Json["at"]!.ToString()))).Text);
        Assert.Equal("[2,1]", new JsonArray([.. (await api.GetAsync($"{model}/policy/versions")).Ok()["policies"]!.AsArray().Select(static one => (JsonNode)one!["number"]!.GetValue<int>())]).ToJsonString());
        Assert.Contains("\"operator\":\">=\"", first.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_what_it_was_at_the_moment()
    {
        var model = await RegisterAsync(2);
        foreach (var version in (int[])[1, 2])
        {
            Assert.Equal(201, (await api.PostJsonAsync($"{model}/versions/{version}/evaluations", Evaluation(version / 10.0))).Status);
        }
        await PutAsync($"{model}/aliases/stable", """{"version":1}""");
        var then = (await SayAsync(model, 1, "ann", "approve")).Json["at"]!.ToString();
        await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        await PutAsync($"{model}/aliases/stable", """{"version":2}""");

        Assert.Equal("[1,2]", $"[{await VersionAsync("approvals", then)},{await VersionAsync("evaluations", null)}]");
        Assert.Equal("1", await VersionAsync("evaluations", then));
        Assert.Equal("1", (await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "alias:stable"), ("asOf", then))).Ok()["with"]!["version"]!.ToJsonString());

        async Task<string> VersionAsync(string what, string? asOf)
        {
            var answer = asOf is null ? await api.GetAsync($"{model}/versions/alias:stable/{what}") : await api.GetAsync($"{model}/versions/alias:stable/{what}", ("asOf", asOf));
            return answer.Ok()[what]![0]!["version"]!.ToJsonString();
        }
    }

    [Fact]
    public async Task Versions_are_compared_metric_by_metric()
    {
        var (model, other) = (await RegisterAsync(3), await RegisterAsync(1));
        await api.PostJsonAsync($"{model}/versions/1/evaluations", """{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"accuracy","value":0.8,"low":0.7,"high":0.9},{"key":"x","value":1},{"key":"same","value":2}]}""");
        await api.PostJsonAsync($"{model}/versions/2/evaluations", """{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"accuracy","value":0.9,"low":0.85,"high":0.95},{"key":"x","value":2},{"key":"same","value":2}]}""");
        await api.PostJsonAsync($"{model}/versions/2/evaluations", """{"dataset":{"name":"d","digest":"1"},"slice":"s","metrics":[{"key":"x","value":2}],"higherIsBetter":{"x":false}}""");
        await api.PostJsonAsync($"{other}/versions/1/evaluations", """{"dataset":{"name":"d","digest":"2"},"metrics":[{"key":"accuracy","value":0.7}]}""");
        await PutAsync($"{model}/aliases/stable", """{"version":1}""");

        var compared = (await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "alias:stable"))).Ok();
        Assert.Equal(
            ["d  accuracy better 0.1 0.125 guess True", "d  same same 0 0  ", "d  x changed 1 1  ", "d s x missing   evaluation "],
            compared["metrics"]!.AsArray().Select(static one => $"{one!["dataset"]} {one["slice"]} {one["metric"]} {one["outcome"]} {one["difference"]} {one["relative"]} {one["directionFrom"]} {(one["intervalsOverlap"] is { } overlap ? overlap.GetValue<bool>() : "")}"));
        Assert.Equal($$"""{"model":"{{NameOf(model)}}","version":1}""", compared["with"]!.ToJsonString());
        await PutAsync($"{model}/policy", """{"higherIsBetter":{"x":false,"accuracy":false}}""");
        var ruled = (await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "version:1"))).Ok()["metrics"]!.AsArray();
        Assert.Equal(("worse", "policy"), (ruled[0]!["outcome"]!.ToString(), ruled[0]!["directionFrom"]!.ToString()));
        var across = (await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "1"), ("withModel", NameOf(other)))).Ok()["metrics"]!.AsArray();
        Assert.Equal("otherData", across[0]!["outcome"]!.ToString());
        Problem(await api.GetAsync($"{model}/versions/2/evaluations/compare"), 400, "invalid");
        Problem(await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "best")), 400, "invalid");
        Problem(await api.GetAsync($"{model}/versions/2/evaluations/compare", ("with", "alias:none")), 404, "not-found");
        Assert.Equal(2, (await api.GetAsync($"{model}/versions/2/evaluations/latest")).Ok()["evaluations"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_evaluation_is_recorded_once_and_every_fault_of_one_is_told()
    {
        var model = await RegisterAsync(1);
        var first = await api.PostJsonAsync($"{model}/versions/1/evaluations", Evaluation(0.5), ("Idempotency-Key", "k"));
        var again = await api.PostJsonAsync($"{model}/versions/1/evaluations", Evaluation(0.5), ("Idempotency-Key", "k"));

        Assert.Equal((201, 200, first.Text), (first.Status, again.Status, again.Text));
        Problem(await api.PostJsonAsync($"{model}/versions/1/evaluations", Evaluation(0.6), ("Idempotency-Key", "k")), 409, "clash");
        var wrong = await api.PostJsonAsync($"{model}/versions/1/evaluations", """{"metrics":[{"key":"a","value":"NaN"}],"what":1}""");
        Problem(wrong, 400, "invalid");
        Assert.Equal(["what", "dataset", "metrics[0].value"], wrong.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.ToString()));
        Problem(await api.PostJsonAsync($"{model}/versions/1/evaluations", """{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"a","value":NaN}]}"""), 400, "invalid");
        Problem(await api.PostJsonAsync($"{model}/versions/7/evaluations", Evaluation(0.5)), 404, "not-found");
        Problem(await api.PostJsonAsync("/api/v1/models/none/versions/1/evaluations", Evaluation(0.5)), 404, "not-found");
        Problem(await api.GetAsync($"{model}/versions/1/evaluations/{new string('0', 32)}"), 404, "not-found");
        Problem(await api.GetAsync($"{model}/versions/1/evaluations?pageSize=0&asOf=now"), 400, "invalid");
        Assert.Single((await api.GetAsync($"{model}/versions/1/evaluations", ("dataset", "d"), ("metric", "accuracy"))).Ok()["evaluations"]!.AsArray());
        Assert.Empty((await api.GetAsync($"{model}/versions/1/evaluations", ("slice", "s"))).Ok()["evaluations"]!.AsArray());
    }

    [Theory]
    [InlineData("GET", "versions/1/gates?stage=Archived", null)]
    [InlineData("GET", "versions/1/gates?alias=a%20b", null)]
    [InlineData("GET", "decisions?for=production", null)]
    [InlineData("GET", "decisions?version=x&overridden=maybe", null)]
    [InlineData("GET", "policy?number=0", null)]
    [InlineData("GET", "versions/0/approvals", null)]
    [InlineData("GET", "versions/1/approvals?pageToken=abc", null)]
    [InlineData("POST", "versions/1/approvals", "{}")]
    [InlineData("POST", "versions/1/approvals", """{"decision":"bless","for":"x"}""")]
    [InlineData("POST", "versions/1/approvals", """{"decision":"approve","decision":"reject"}""")]
    [InlineData("POST", "versions/1/approvals", "[]")]
    [InlineData("POST", "versions/1/approvals", """{"decision":"approve","comment":"\ud800"}""")]
    [InlineData("PUT", "policy", """{"aliases":{"p":{"evaluations":"accuracy 0.9"}}}""")]
    [InlineData("PUT", "policy", "null")]
    [InlineData("PUT", "policy", """{"aliases":{"p":{},"p":{}}}""")]
    public async Task Bad_requests_are_400(string method, string path, string? body) =>
        Problem(await api.SendJsonAsync(HttpMethod.Parse(method), $"{await RegisterAsync(1)}/{path}", body), 400, "invalid");

    [Fact]
    public async Task Files_are_verified_on_request_and_what_lies_elsewhere_cannot_be()
    {
        var model = await RegisterAsync(1);
        Problem(await api.SendJsonAsync(HttpMethod.Post, $"{model}/versions/1/verifications", null), 409, "clash");
        var run = await api.CreateRunAsync("0");
        using var upload = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/weights") { Content = new StringContent("weights") };
        Assert.Equal(200, (await api.SendAsync(upload)).Status);
        (await api.PostAsync("model-versions/create", new { name = NameOf(model), source = $"runs:/{run}/model", run_id = run })).Ok();

        var verified = await api.SendJsonAsync(HttpMethod.Post, $"{model}/versions/2/verifications", null);

        Assert.Equal((201, true, 1, 7), (verified.Status, verified.Json["verified"]!.GetValue<bool>(), verified.Json["files"]!.GetValue<int>(), verified.Json["bytes"]!.GetValue<int>()));
        Assert.True(JsonNode.DeepEquals(verified.Json, (await api.GetAsync($"{model}/versions/2/verifications")).Ok()["verifications"]![0]));
        await PutAsync($"{model}/policy", """{"aliases":{"production":{"hashesVerified":true,"reproducible":true}}}""");
        Assert.Equal("""["met","unmet","met"]""", States((await api.GetAsync($"{model}/versions/2/gates", ("alias", "production"))).Ok()["gates"]![0]!));
    }

    [Fact]
    public async Task Records_of_a_deleted_model_stay_and_are_found_by_its_number()
    {
        var model = await RegisterAsync(1);
        await api.PostJsonAsync($"{model}/versions/1/evaluations", Evaluation(0.5));
        await SayAsync(model, 1, "ann", "approve");
        var number = (await api.GetAsync(model)).Ok()["number"]!.GetValue<long>();
        (await api.SendJsonAsync(HttpMethod.Delete, "registered-models/delete", JsonSerializer.Serialize(new { name = NameOf(model) }))).Ok();

        var gone = string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/number:{number}");
        Assert.Single((await api.GetAsync($"{gone}/versions/1/evaluations")).Ok()["evaluations"]!.AsArray());
        Assert.Single((await api.GetAsync($"{gone}/versions/1/approvals")).Ok()["approvals"]!.AsArray());
        Problem(await api.GetAsync($"{model}/versions/1/evaluations"), 404, "not-found");
        Problem(await api.PostJsonAsync($"{gone}/versions/1/evaluations", Evaluation(0.6)), 404, "not-found");
    }

    private async Task<string> RegisterAsync(int versions)
    {
        var name = "m " + Guid.CreateVersion7().ToString("n");
        (await SendAsync(HttpMethod.Post, Api.Root + "registered-models/create", JsonSerializer.Serialize(new { name }), Basic("maker"))).Ok();
        for (var number = 1; number <= versions; number++)
        {
            (await SendAsync(HttpMethod.Post, Api.Root + "model-versions/create", JsonSerializer.Serialize(new { name, source = $"s3://bucket/{number}" }), Basic("maker"))).Ok();
        }
        return $"/api/v1/models/{Uri.EscapeDataString(name)}";
    }

    private Task<Answer> AliasAsync(string model, int version, string by = "mover") => SendAsync(
        HttpMethod.Post, Api.Root + "registered-models/alias", JsonSerializer.Serialize(new { name = NameOf(model), alias = "production", version = version.ToString(CultureInfo.InvariantCulture) }), Basic(by));

    private Task<Answer> SayAsync(string model, int version, string who, string decision, string? target = null) => SendAsync(
        HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"{model}/versions/{version}/approvals"), target is null ? $$"""{"decision":"{{decision}}"}""" : $$"""{"decision":"{{decision}}","for":"{{target}}"}""", Basic(who));

    private async Task<string> TokenAsync(string role) =>
        $"Bearer {(await api.PostAsync("/api/v1/tokens", new { name = $"{role}{Guid.CreateVersion7():n}", role })).Json["token"]}";

    private Task<Answer> PutAsync(string path, string json, string? authorization = null) => SendAsync(HttpMethod.Put, path, json, authorization);

    private Task<Answer> SendAsync(HttpMethod method, string path, string json, string? authorization) =>
        authorization is null ? api.SendJsonAsync(method, path, json) : api.SendJsonAsync(method, path, json, ("Authorization", authorization));

    private static string Basic(string user) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":"))}";

    private static string NameOf(string model) => Uri.UnescapeDataString(model["/api/v1/models/".Length..]);

    private static string Evaluation(double accuracy) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"dataset":{"name":"d","digest":"1"},"metrics":[{"key":"accuracy","value":{{accuracy}}}]}""");

    private static string States(JsonNode gate) => new JsonArray([.. gate["conditions"]!.AsArray().Select(static one => (JsonNode)one!["state"]!.ToString())]).ToJsonString();

    private static void Problem(Answer answer, int status, string type)
    {
        Assert.Equal($"{status} urn:serverlessmeta:problem:{type}", $"{answer.Status} {answer.Json["type"]}");
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.NotEmpty(answer.Json["detail"]!.ToString());
        Assert.True(answer.Text.Length < 5000);
    }
}

public sealed class PolicyTestsOnKestrel(KestrelHost host) : PolicyTests(host), IClassFixture<KestrelHost>;

public sealed class PolicyTestsOnFunctions(FunctionsHost host) : PolicyTests(host), IClassFixture<FunctionsHost>;
