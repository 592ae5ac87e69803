using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Native;

/// <summary>Models and versions natively: reads now and at a moment, terms of moves, faults of callers.</summary>
public abstract class ModelTests(StoreHost host)
{
    private const string Root = "/api/v1/models/";
    private readonly Api api = host.Api;

    [Fact]
    public async Task A_model_is_read_by_any_name_and_by_its_number()
    {
        foreach (var name in (string[])["plain ", "100% ", "a%2Fb ", "a+b&c=d?#é ", "[x] ~"])
        {
            var unique = name + Guid.CreateVersion7();
            (await api.PostAsync("registered-models/create", new { name = unique, description = "d", tags = new[] { new { key = "k", value = "v" } } })).Ok();

            var found = (await api.GetAsync(Root + Uri.EscapeDataString(unique))).Ok();

            Assert.Equal($"{unique} d v 0", $"{found["name"]} {found["description"]} {found["tags"]!["k"]} {found["lastVersion"]}");
            Assert.Equal(unique, (await api.GetAsync($"{Root}number:{found["number"]}")).Ok()["name"]!.ToString());
        }
        (await api.GetAsync(Root + "none")).Problem(404, "not-found");
        (await api.GetAsync(Root + "number:999999")).Problem(404, "not-found");
        (await api.GetAsync(Root + "number:x")).Problem(404, "not-found");
    }

    [Fact]
    public async Task Of_two_who_move_an_alias_one_is_told()
    {
        var name = await RegisterAsync(3);
        (await PutAsync($"{name}/aliases/champion", """{"version":1,"expected":null}""")).Ok();

        var moves = await Task.WhenAll(PutAsync($"{name}/aliases/champion", """{"version":2,"expected":1}"""), PutAsync($"{name}/aliases/champion", """{"version":3,"expected":1}"""));

        Assert.Equal([200, 412], moves.Select(static move => move.Status).Order());
        var holder = (await api.GetAsync($"{Root}{name}/aliases/champion")).Ok();
        Assert.Equal(moves[0].Status == 200 ? 2 : 3, holder["version"]!.GetValue<int>());
        Assert.Equal("champion", holder["aliases"]![0]!.ToString());
        var tag = (await api.GetAsync(Root + name)).Headers.ETag!.ToString();
        (await PutAsync($"{name}/aliases/champion", """{"version":1}""", ("If-Match", tag))).Ok();
        (await PutAsync($"{name}/aliases/champion", """{"version":2}""", ("If-Match", tag))).Problem(412, "conflict");
        (await api.SendJsonAsync(HttpMethod.Delete, $"{Root}{name}/aliases/champion", null, ("If-Match", tag))).Problem(412, "conflict");
        Assert.Equal(204, (await api.DeleteAsync($"{Root}{name}/aliases/champion")).Status);
        Assert.Equal(204, (await api.DeleteAsync($"{Root}{name}/aliases/champion")).Status);
        (await api.GetAsync($"{Root}{name}/aliases/champion")).Problem(404, "not-found");
    }

    [Fact]
    public async Task A_stage_is_moved_with_what_it_archives()
    {
        var name = await RegisterAsync(3);
        (await PutAsync($"{name}/stages/production", """{"version":1}""")).Ok();
        var moved = (await PutAsync($"{name}/stages/Production", """{"version":2,"archiveExisting":true}""")).Ok();

        Assert.Equal("2 Production", $"{moved["version"]} {moved["stage"]}");
        Assert.Equal([2], Numbers(await api.GetAsync($"{Root}{name}/stages/production")));
        Assert.Equal([1], Numbers(await api.GetAsync($"{Root}{name}/stages/Archived")));
        Assert.Equal([3], Numbers(await api.GetAsync($"{Root}{name}/stages/none")));
        (await PutAsync($"{name}/stages/Archived", """{"version":2,"archiveExisting":true}""")).Problem(400, "invalid");
        (await api.GetAsync($"{Root}{name}/stages/x")).Problem(400, "invalid");
    }

    [Fact]
    public async Task A_moment_tells_who_held_what_then()
    {
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var name = await RegisterAsync(2);
        (await PutAsync($"{name}/aliases/champion", """{"version":1}""")).Ok();
        (await PutAsync($"{name}/stages/Production", """{"version":1}""")).Ok();
        var then = DateTimeOffset.Parse((await api.GetAsync(Root + name)).Ok()["updated"]!.ToString(), null);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        (await PutAsync($"{name}/aliases/champion", """{"version":2}""")).Ok();
        (await PutAsync($"{name}/stages/Production", """{"version":2,"archiveExisting":true}""")).Ok();
        (await api.PatchAsync("model-versions/update", new { name, version = "1", description = "later" })).Ok();
        var moment = ("asOf", then.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", null));

        var held = (await api.GetAsync($"{Root}{name}/aliases/champion", moment)).Ok();
        Assert.Equal("1 Production", $"{held["version"]} {held["stage"]}");
        Assert.Null(held["description"]);
        Assert.Equal(then, DateTimeOffset.Parse(held["asOf"]!.ToString(), null));
        Assert.Equal([1], Numbers(await api.GetAsync($"{Root}{name}/stages/Production", moment)));
        Assert.Equal([2, 1], Numbers(await api.GetAsync($"{Root}{name}/versions", moment)));
        Assert.Equal("2", (await api.GetAsync($"{Root}{name}/aliases/champion", ("asOf", "2999-01-01T00:00:00Z"))).Ok()["version"]!.ToString());
        Assert.Contains("did not exist yet", (await api.GetAsync(Root + name, ("asOf", before.ToString("yyyy-MM-ddTHH:mm:ssZ", null)))).Problem(404, "not-found"), StringComparison.Ordinal);
        Assert.Contains((await api.GetAsync("/api/v1/models", moment, ("filter", $"name = '{name}'"), ("pageSize", "1000"))).Ok()["models"]!.AsArray(), model => model!["aliases"]!["champion"]!.GetValue<int>() == 1);
        foreach (var wrong in (string[])["now", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z"])
        {
            (await api.GetAsync(Root + name, ("asOf", wrong))).Problem(400, "invalid");
        }
    }

    [Fact]
    public async Task A_deleted_model_is_still_told_of_by_its_number()
    {
        var name = await RegisterAsync(1);
        var model = (await api.GetAsync(Root + name)).Ok();
        (await api.SendJsonAsync(HttpMethod.Delete, "registered-models/delete", new JsonObject { ["name"] = name }.ToJsonString())).Ok();

        Assert.Contains("deleted", (await api.GetAsync($"{Root}number:{model["number"]}")).Problem(404, "not-found"), StringComparison.Ordinal);
        Assert.Equal(name, (await api.GetAsync($"{Root}number:{model["number"]}", ("asOf", model["updated"]!.ToString()))).Ok()["name"]!.ToString());
        Assert.Equal(["run: none is known"], (await api.GetAsync($"{Root}number:{model["number"]}/versions/1/origin")).Ok()["missing"]!.AsArray().Select(static missing => missing!.ToString()));
    }

    [Fact]
    public async Task What_is_said_of_a_model_changes_for_those_who_saw_it_last()
    {
        var name = await RegisterAsync(1);
        var seen = await api.GetAsync(Root + name);
        var tag = seen.Headers.ETag!.ToString();

        Assert.Equal(304, (await GetAsync(Root + name, ("If-None-Match", tag))).Status);
        var changed = (await api.SendJsonAsync(HttpMethod.Patch, Root + name, """{"description":"d","owner":"ada"}""", ("If-Match", tag))).Ok();
        Assert.Equal("d ada", $"{changed["description"]} {changed["owner"]}");
        (await api.SendJsonAsync(HttpMethod.Patch, Root + name, """{"owner":"eve"}""", ("If-Match", tag))).Problem(412, "conflict");
        (await api.SendJsonAsync(HttpMethod.Patch, $"{Root}{name}/versions/1", """{"owner":"eve"}""", ("If-Match", tag))).Problem(412, "conflict");
        Assert.Equal("bob", (await api.SendJsonAsync(HttpMethod.Patch, $"{Root}{name}/versions/1", """{"owner":"bob"}""")).Ok()["owner"]!.ToString());
        Assert.Null((await api.SendJsonAsync(HttpMethod.Patch, Root + name, """{"owner":null}""")).Ok()["owner"]);
        Assert.Equal("d", (await api.GetAsync(Root + name)).Ok()["description"]!.ToString());
        Assert.Equal(200, (await GetAsync(Root + name, ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task Models_are_searched_page_by_page()
    {
        var prefix = Guid.CreateVersion7().ToString();
        for (var i = 0; i < 3; i++)
        {
            (await api.PostAsync("registered-models/create", new { name = $"{prefix} {i}", tags = new[] { new { key = "n", value = $"{i}" } } })).Ok();
        }

        var first = (await api.GetAsync("/api/v1/models", ("filter", $"name LIKE '{prefix}%' AND tags.n != '1'"), ("orderBy", "name DESC"), ("pageSize", "1"))).Ok();
        var second = (await api.GetAsync("/api/v1/models", ("filter", $"name LIKE '{prefix}%' AND tags.n != '1'"), ("orderBy", "name DESC"), ("pageSize", "1"), ("pageToken", first["nextPageToken"]!.ToString()))).Ok();

        Assert.Equal([$"{prefix} 2", $"{prefix} 0"], new[] { first, second }.SelectMany(static page => page["models"]!.AsArray()).Select(static model => model!["name"]!.ToString()));
        Assert.Null(second["nextPageToken"]);
    }

    [Fact]
    public async Task An_origin_is_kept_when_its_run_is_deleted()
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "m", value = "NaN", timestamp = 1, step = 0 } }, @params = new[] { new { key = "lr", value = "0.1" } }, tags = new[] { new { key = "mlflow.source.git.commit", value = new string('a', 40) } } })).Ok();
        (await api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "origin", digest = new string('b', 32), source_type = "s3", source = "s3://d" }, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } } })).Ok();
        var name = await RegisterAsync(0);
        (await api.PostAsync("model-versions/create", new { name, source = "s3://b", run_id = run })).Ok();
        (await api.PostAsync("runs/delete", new { run_id = run })).Ok();

        var origin = (await api.GetAsync($"{Root}{name}/versions/1/origin")).Ok();

        Assert.Equal($"{run} {new string('a', 40)} 0.1 NaN", $"{origin["run"]!["id"]} {origin["code"]!["commit"]} {origin["params"]![0]!["value"]} {origin["metrics"]![0]!["value"]}");
        Assert.Equal($"origin {new string('b', 32)} training", $"{origin["datasets"]![0]!["name"]} {origin["datasets"]![0]!["md5"]} {origin["datasets"]![0]!["context"]}");
        (await api.GetAsync($"{Root}{name}/versions/2/origin")).Problem(404, "not-found");
    }

    [Theory]
    [InlineData("PUT", "/aliases/a", "{}")]
    [InlineData("PUT", "/aliases/a", """{"version":"1"}""")]
    [InlineData("PUT", "/aliases/a", """{"version":0}""")]
    [InlineData("PUT", "/aliases/a", """{"version":1,"expected":"x"}""")]
    [InlineData("PUT", "/aliases/a", """{"version":1,"more":1}""")]
    [InlineData("PUT", "/aliases/a", "[]")]
    [InlineData("PUT", "/aliases/a", "{")]
    [InlineData("PUT", "/aliases/latest", """{"version":1}""")]
    [InlineData("PUT", "/aliases/v1", """{"version":1}""")]
    [InlineData("PUT", "/aliases/a%20b", """{"version":1}""")]
    [InlineData("PUT", "/stages/x", """{"version":1}""")]
    [InlineData("PUT", "/stages/Staging", """{"version":1,"archiveExisting":"yes"}""")]
    [InlineData("PATCH", "", """{"description":1}""")]
    [InlineData("PATCH", "", """{"description":"\ud800"}""")]
    [InlineData("PATCH", "/versions/x", """{"description":"d"}""")]
    [InlineData("GET", "/versions?pageSize=0", null)]
    [InlineData("GET", "/versions?pageToken=x", null)]
    [InlineData("GET", "/versions/-1", null)]
    [InlineData("GET", "/versions/99999999999", null)]
    public async Task A_fault_of_the_caller_is_named(string method, string path, string? body) =>
        Assert.NotEmpty((await api.SendJsonAsync(new HttpMethod(method), Root + await RegisterAsync(1) + path, body)).Problem(400, "invalid"));

    private static IEnumerable<int> Numbers(Answer page) => page.Ok()["versions"]!.AsArray().Select(static version => version!["version"]!.GetValue<int>());

    private Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) => api.SendJsonAsync(HttpMethod.Put, Root + path, body, headers);

    private async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await api.SendAsync(request, headers);
    }

    private async Task<string> RegisterAsync(int versions)
    {
        var name = Guid.CreateVersion7().ToString("n");
        (await api.PostAsync("registered-models/create", new { name })).Ok();
        for (var i = 0; i < versions; i++)
        {
            (await api.PostAsync("model-versions/create", new { name, source = $"s3://{i + 1}" })).Ok();
        }
        return name;
    }
}

public sealed class ModelTestsOnKestrel(KestrelHost host) : ModelTests(host), IClassFixture<KestrelHost>;

public sealed class ModelTestsOnFunctions(FunctionsHost host) : ModelTests(host), IClassFixture<FunctionsHost>;
