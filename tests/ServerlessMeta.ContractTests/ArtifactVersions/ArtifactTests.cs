using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.ArtifactVersions;

/// <summary>Artifacts and their versions in the native API.</summary>
public abstract class ArtifactTests(StoreHost host)
{
    private const string Root = "/api/v1/artifacts";
    private readonly Api api = host.Api;

    public static TheoryData<string> Names =>
    [
        "plain", "a/b", "a/b/c.csv", "a%b", "100%", "with space", "plus+sign", "q?x=1&y#z", "back\\slash", "Ω-данные-数据-𝔘", "a/.b/c..", "..a", "colon:semi;comma,", "\"quoted\"'s", "new/Ω数/", "/leading", "{braces}", "~!@$^*()",
        new string('x', 250), new string('数', 250),
    ];

    [Fact]
    public async Task A_content_is_registered_once()
    {
        var name = NewName();
        var run = await api.CreateRunAsync("0");
        var body = new
        {
            name,
            type = "dataset",
            uri = "s3://bucket/train.parquet",
            md5 = Hex(1, 32).ToUpperInvariant(),
            size = 123,
            schema = new[] { new { name = "x", type = "long" } },
            metadata = new { owner = "me" },
            producedBy = run,
            description = "The training data.",
        };

        var first = await api.PostAsync(Root, body);
        var second = await api.PostAsync(Root, body);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal($"{Root}/{name}/versions/1", first.Headers.Location!.ToString());
        Assert.Equal("\"1.1\"", first.Headers.ETag!.ToString());
        Assert.Equal("application/json; charset=utf-8", first.ContentType);
        Assert.Equal(
            $$"""{"name":"{{name}}","version":1,"type":"dataset","md5":"{{Hex(1, 32)}}","size":123,"uri":"s3://bucket/train.parquet","locations":["s3://bucket/train.parquet"],"schema":[{"name":"x","type":"long"}],"metadata":{"owner":"me"},"producedBy":"{{run}}","description":"The training data.","revision":1}""",
            Without(first.Json, "created", "updated").ToJsonString());
        Assert.Equal(first.Text, (await api.GetAsync($"{Root}/{name}/versions/latest")).Text);
        Assert.InRange(first.Operations, 3, 3);
    }

    [Theory]
    [InlineData("\"uri\":\"s3://b\",\"metadata\":{\"a\":\"1\",\"a\":\"2\"}")]
    [InlineData("\"uri\":\"s3://b\",\"metadata\":{\"a\":\"1\",\"\\u0061\":\"2\"}")]
    [InlineData("\"uri\":\"s3://b\",\"uri\":\"s3://c\"")]
    [InlineData("\"uri\":\"https://token@host/x\"")]
    [InlineData("\"uri\":\"https://b.s3.amazonaws.com/k?Expires=1&Signature=abc\"")]
    public async Task Keys_given_twice_and_secrets_are_refused(string fields) =>
        Assert.Equal(400, (await api.PostJsonAsync(Root, $$"""{"name":"{{NewName()}}","type":"dataset","digest":"d",{{fields}}}""")).Status);

    [Fact]
    public async Task Versions_are_found_by_number_as_the_latest_and_by_digest()
    {
        var name = NewName();
        for (var i = 1; i <= 3; i++)
        {
            await RegisterAsync(name, i, new { sha256 = Hex(i, 64), digest = $"short/{i}" });
        }

        foreach (var (reference, number) in new[] { ("1", 1), ("latest", 3), ($"md5:{Hex(2, 32).ToUpperInvariant()}", 2), ($"sha256:{Hex(1, 64)}", 1), ("digest:short/3", 3) })
        {
            Assert.Equal(number, (await api.GetAsync($"{Root}/{name}/versions/{Uri.EscapeDataString(reference)}")).Ok()["version"]!.GetValue<int>());
        }
        foreach (var missing in new[] { "4", $"md5:{Hex(9, 32)}", "4294967295", "digest:none" })
        {
            Problem(await api.GetAsync($"{Root}/{name}/versions/{missing}"), 404, "not-found");
        }
        foreach (var wrong in new[] { "0", "-1", "1.5", "newest", "md5:12", "sha256:" + Hex(1, 32), "4294967296", "99999999999999999999", "digest:", "%00" })
        {
            Assert.Equal(400, (await api.GetAsync($"{Root}/{name}/versions/{wrong}")).Status);
        }
        Assert.Equal(3, (await api.GetAsync($"{Root}/{name}")).Ok()["versions"]!.GetValue<int>());
        Assert.Equal(Hex(3, 64), (await api.GetAsync($"{Root}/{name}")).Ok()["latest"]!["sha256"]!.ToString());
    }

    [Fact]
    public async Task A_version_that_did_not_change_is_304()
    {
        var name = NewName();
        await RegisterAsync(name, 1);
        var tag = (await api.GetAsync($"{Root}/{name}/versions/1")).Headers.ETag!.ToString();

        Assert.Equal(304, await StatusAsync($"{Root}/{name}/versions/latest", tag));
        Assert.Equal(304, await StatusAsync($"{Root}/{name}/versions/1", $"\"other\", W/{tag}"));
        Assert.Equal(304, await StatusAsync($"{Root}/{name}/versions/1", "*"));
        await RegisterAsync(name, 1, new { uri = "gs://other/place" });

        Assert.Equal(200, await StatusAsync($"{Root}/{name}/versions/1", tag));
        Assert.Equal("\"1.2\"", (await api.GetAsync($"{Root}/{name}/versions/1")).Headers.ETag!.ToString());
        Assert.Equal(404, await StatusAsync($"{Root}/{name}/versions/2", "*"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_in_any_script_is_one_segment_of_the_path(string name)
    {
        name = name.Length == 250 ? name[..218] + Guid.CreateVersion7().ToString("n") : name;
        var path = $"{Root}/{Uri.EscapeDataString(name)}";

        var made = await RegisterAsync(name, 1);
        await RegisterAsync(name, 2);

        Assert.Contains(made.Status, new[] { 200, 201 });
        Assert.Equal($"{path}/versions/1", made.Headers.Location!.OriginalString);
        Assert.Equal(name, (await api.GetAsync(path)).Ok()["name"]!.ToString());
        Assert.Equal(2, (await api.GetAsync($"{path}/versions")).Ok()["versions"]!.AsArray().Count);
        Assert.Equal(name, (await api.GetAsync($"{path}/versions/1")).Ok()["name"]!.ToString());
        Assert.Equal("{\"runs\":[]}", (await api.GetAsync($"{path}/versions/1/runs")).Text);
        Assert.Equal(name, (await api.GetAsync($"{path}/compare?from=1&to=2")).Ok()["name"]!.ToString());
        Assert.Contains(name, (await api.GetAsync(Root, ("prefix", name))).Ok()["artifacts"]!.AsArray().Select(static artifact => artifact!["name"]!.ToString()));
    }

    [Fact]
    public async Task An_encoded_slash_and_its_three_characters_name_different_things()
    {
        var run = await api.CreateRunAsync("0");
        (await api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "one%2Fname", digest = "d1", source_type = "t", source = "s3://b" } } } })).Ok();
        await RegisterAsync("one/name", 1);

        Assert.Equal("one/name", (await api.GetAsync($"{Root}/one%2Fname")).Ok()["name"]!.ToString());
        Assert.Equal("one%2Fname", (await api.GetAsync($"{Root}/one%252Fname")).Ok()["name"]!.ToString());
    }

    [Fact]
    public async Task All_faults_of_a_request_are_named_at_once()
    {
        var answer = await api.PostJsonAsync(Root,
            """{"name":"","type":"car","uri":"relative","md5":"12","sha256":5,"digest":"","size":-1,"schema":{"a":"b"},"metadata":{"a":1,"":"x"},"producedBy":"me","description":[],"extra":1}""");

        Problem(answer, 400, "invalid");
        Assert.Equal(
            ["description", "digest", "extra", "md5", "metadata.", "metadata.a", "name", "producedBy", "sha256", "size", "type", "uri"],
            answer.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["md5", "name", "type", "uri"],
            (await api.PostJsonAsync(Root, "{}")).Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await api.GetAsync(Root, ("type", "car"), ("pageSize", "0"))).Json["errors"]!.AsArray().Count);
        Assert.Equal(2, (await api.GetAsync($"{Root}/x/compare")).Json["errors"]!.AsArray().Count);
        Assert.Equal(2, (await api.GetAsync($"{Root}/x/versions/y/runs", ("pageSize", "many"))).Json["errors"]!.AsArray().Count);
    }

    [Fact]
    public async Task Digests_that_do_not_belong_together_are_a_conflict_with_a_reason()
    {
        var name = NewName();
        await RegisterAsync(name, 1);
        Assert.Equal(201, (await api.PostAsync(Root, new { name, type = "dataset", uri = "s3://b", sha256 = Hex(2, 64) })).Status);

        var across = await api.PostAsync(Root, new { name, type = "dataset", uri = "s3://b", md5 = Hex(1, 32), sha256 = Hex(2, 64) });
        var type = await api.PostAsync(Root, new { name, type = "model", uri = "s3://b", md5 = Hex(1, 32) });
        var run = await api.PostAsync(Root, new { name, type = "dataset", uri = "s3://b", md5 = Hex(1, 32), producedBy = Hex(1, 32) });

        Problem(across, 409, "clash");
        Assert.Equal("md5 names version 1, sha256 names version 2: one content has one version.", across.Json["detail"]!.ToString());
        Problem(type, 409, "clash");
        Problem(run, 400, "invalid");
        Assert.Equal("producedBy", run.Json["errors"]![0]!["field"]!.ToString());
    }

    [Fact]
    public async Task Two_versions_are_compared()
    {
        var name = NewName();
        await RegisterAsync(name, 1, new { size = 1, schema = new { columns = new[] { new { name = "a", type = "long" }, new { name = "b", type = "long" }, new { name = "c", type = "long" } } }, metadata = new { rows = "1", owner = "me" } });
        await RegisterAsync(name, 2, new { size = 2, schema = new { columns = new[] { new { name = "a", type = "long" }, new { name = "b", type = "double" }, new { name = "d", type = "string" } } }, metadata = new { rows = "2", by = "me" }, uri = "gs://other" });

        var compared = (await api.GetAsync($"{Root}/{name}/compare", ("from", "1"), ("to", "latest"))).Ok();

        Assert.Equal(
            $$$"""{"name":"{{{name}}}","from":1,"to":2,"digests":[{"name":"md5","from":"{{{Hex(1, 32)}}}","to":"{{{Hex(2, 32)}}}"}],"metadata":[{"name":"by","to":"me"},{"name":"owner","from":"me"},{"name":"rows","from":"1","to":"2"}],"locations":{"added":["gs://other"],"removed":["s3://bucket/1"]},"size":{"from":1,"to":2},"schema":{"columnsKnown":true,"added":[{"name":"d","type":"string"}],"removed":[{"name":"c","type":"long"}],"changed":[{"name":"b","from":"long","to":"double"}]}}""",
            compared.ToJsonString());
        Assert.Equal(
            $$$"""{"name":"{{{name}}}","from":2,"to":2,"digests":[],"metadata":[],"locations":{"added":[],"removed":[]}}""",
            (await api.GetAsync($"{Root}/{name}/compare", ("from", "2"), ("to", "latest"))).Text);
        Problem(await api.GetAsync($"{Root}/{name}/compare", ("from", "1"), ("to", "3")), 404, "not-found");
    }

    [Fact]
    public async Task Runs_of_a_version_and_versions_of_a_run_are_the_same_edges()
    {
        var name = NewName();
        var (maker, reader) = (await api.CreateRunAsync("0"), await api.CreateRunAsync("0"));
        await RegisterAsync(name, 1, new { producedBy = maker });
        (await api.PostAsync("runs/log-inputs", new
        {
            run_id = reader,
            datasets = new[] { new { dataset = new { name, digest = Hex(1, 32), source_type = "s3", source = "s3://bucket/1" }, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } },
        })).Ok();

        Assert.Equal(
            $$"""{"runs":[{"runId":"{{maker}}","direction":"made"},{"runId":"{{reader}}","direction":"used","context":"training"}]}""",
            (await api.GetAsync($"{Root}/{name}/versions/md5:{Hex(1, 32)}/runs")).Text);
        Assert.Equal($$"""{"artifacts":[{"name":"{{name}}","version":1,"direction":"made"}]}""", (await api.GetAsync($"/api/v1/runs/{maker}/artifacts")).Text);
        Assert.Equal($$"""{"artifacts":[{"name":"{{name}}","version":1,"direction":"used","context":"training"}]}""", (await api.GetAsync($"/api/v1/runs/{reader}/artifacts")).Text);
        Problem(await api.GetAsync($"/api/v1/runs/{Hex(1, 32)}/artifacts"), 404, "not-found");
        Problem(await api.GetAsync("/api/v1/runs/me/artifacts"), 400, "invalid");
        Problem(await api.GetAsync($"{Root}/{name}/versions/2/runs"), 404, "not-found");
    }

    [Fact]
    public async Task Pages_of_any_size_give_the_whole_once_and_in_order()
    {
        var prefix = NewName() + "/Ω";
        var run = await api.CreateRunAsync("0");
        for (var i = 0; i < 11; i++)
        {
            await RegisterAsync($"{prefix}{i:d2}", i, new { type = i % 2 == 0 ? "model" : "table", producedBy = run });
            await RegisterAsync(prefix, i, new { producedBy = run });
        }

        var all = await PagesAsync(Root, "artifacts", 100, ("prefix", prefix));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{prefix}{i:d2}").Prepend(prefix), all.Select(static artifact => artifact["name"]!.ToString()));
        for (var size = 1; size <= 12; size += 3)
        {
            Assert.Equal(Texts(all), Texts(await PagesAsync(Root, "artifacts", size, ("prefix", prefix))));
            Assert.Equal(6, (await PagesAsync(Root, "artifacts", size, ("prefix", prefix), ("type", "model"))).Count);
            Assert.Equal(Enumerable.Range(1, 11).Reverse(), (await PagesAsync($"{Root}/{Uri.EscapeDataString(prefix)}/versions", "versions", size)).Select(static version => version["version"]!.GetValue<int>()));
            Assert.Equal(22, Texts(await PagesAsync($"/api/v1/runs/{run}/artifacts", "artifacts", size)).Distinct(StringComparer.Ordinal).Count());
        }
        var token = (await api.GetAsync(Root, ("prefix", prefix), ("pageSize", "1"))).Ok()["nextPageToken"]!.ToString();
        foreach (var (path, given) in new[] { (Root, token), ($"{Root}/{Uri.EscapeDataString(prefix)}/versions", token), ($"/api/v1/runs/{run}/artifacts", token), (Root, "%%%"), (Root, "AAAA") })
        {
            var refused = await api.GetAsync(path, ("pageToken", given));
            Problem(refused, 400, "invalid");
            Assert.Equal("pageToken", refused.Json["errors"]![0]!["field"]!.ToString());
        }
    }

    [Fact]
    public async Task A_name_that_no_path_can_carry_is_refused()
    {
        foreach (var name in new[] { ".", "..", "a/../b", "a/.", "..\\a", "a%2fb", "a\u0001", "a\u007f", new string('x', 251) })
        {
            var refused = await api.PostAsync(Root, new { name, type = "dataset", uri = "s3://b", md5 = Hex(1, 32) });

            Problem(refused, 400, "invalid");
            Assert.Equal("name", Assert.Single(refused.Json["errors"]!.AsArray())!["field"]!.ToString());
        }
        Problem(await api.GetAsync($"{Root}/nothing"), 404, "not-found");
        Problem(await api.GetAsync($"{Root}/nothing/versions"), 404, "not-found");
        Assert.True((await api.GetAsync($"{Root}/{new string('x', 3000)}")).Text.Length < 1000);
    }

    [Theory]
    [InlineData("s3://b/k")]
    [InlineData("abfss://lake@account.dfs.core.windows.net/a b")]
    [InlineData("https://host/path?x=1")]
    [InlineData("dbfs:/a")]
    [InlineData("mlflow-artifacts:/0/r/artifacts")]
    [InlineData("/a/path")]
    public async Task A_location_is_any_uri_or_absolute_path(string uri) =>
        Assert.Equal(uri, (await api.PostAsync(Root, new { name = NewName(), type = "other", uri, digest = "x" })).Json["uri"]!.ToString());

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("s3:")]
    [InlineData("https://me:secret@host/a")]
    [InlineData("https://account.blob.core.windows.net/c/b?sv=2026-01-01&sig=abc%3D")]
    [InlineData("s3://a\u0000")]
    public async Task Other_texts_are_no_locations(string uri) =>
        Assert.Equal("uri", Assert.Single((await api.PostAsync(Root, new { name = NewName(), type = "other", uri, digest = "x" })).Json["errors"]!.AsArray())!["field"]!.ToString());

    [Fact]
    public async Task Bodies_of_other_kinds_are_refused_as_problems()
    {
        Problem(await api.PostBytesAsync(Root, "name=x"u8.ToArray(), "application/x-www-form-urlencoded"), 415, "unsupported-media-type");
        Problem(await api.PostBytesAsync(Root, "{}"u8.ToArray(), null), 400, "invalid");
        foreach (var body in (string[])["", "null", "[]", "5", "\"x\"", "{", "{\"name\":\"a\",\"name\":\"b\"}", "{\"\\ud800\":1}", new string('[', 100_000), "{\"name\":\"" + new string('x', 2_000_000) + "\"}"])
        {
            Problem(await api.PostJsonAsync(Root, body), 400, "invalid");
        }
        Problem(await api.PostBytesAsync(Root, [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "application/json"), 400, "invalid");
    }

    private async Task<Answer> RegisterAsync(string name, int content, object? more = null)
    {
        var body = new JsonObject { ["name"] = name, ["type"] = "dataset", ["uri"] = string.Create(CultureInfo.InvariantCulture, $"s3://bucket/{content}"), ["md5"] = Hex(content, 32) };
        foreach (var (key, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
        {
            body[key] = value?.DeepClone();
        }
        var answer = await api.PostJsonAsync(Root, body.ToJsonString());
        Assert.True(answer.Status is 200 or 201, answer.Text);
        return answer;
    }

    private async Task<List<JsonNode>> PagesAsync(string path, string list, int size, params (string, string)[] query)
    {
        var all = new List<JsonNode>();
        string? token = null;
        do
        {
            var page = (await api.GetAsync(path, [.. query, ("pageSize", size.ToString(CultureInfo.InvariantCulture)), .. token is null ? [] : new[] { ("pageToken", token) }])).Ok();
            Assert.InRange(page[list]!.AsArray().Count, 1, size);
            all.AddRange(page[list]!.AsArray()!);
            token = page["nextPageToken"]?.ToString();
        }
        while (token is not null);
        return all;
    }

    private async Task<int> StatusAsync(string path, string ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var answer = await api.SendAsync(request, ("If-None-Match", ifNoneMatch));
        Assert.True(answer.Status != (int)HttpStatusCode.NotModified || answer.Text.Length == 0);
        return answer.Status;
    }

    private static void Problem(Answer answer, int status, string type)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal("urn:serverlessmeta:problem:" + type, answer.Json["type"]!.ToString());
        Assert.NotEmpty(answer.Json["detail"]!.ToString());
        Assert.True(answer.Text.Length < 5000);
    }

    private static IEnumerable<string> Texts(IEnumerable<JsonNode> nodes) => nodes.Select(static node => node.ToJsonString());

    private static JsonObject Without(JsonNode node, params string[] fields)
    {
        var rest = (JsonObject)node;
        foreach (var field in fields)
        {
            Assert.True(rest.Remove(field));
        }
        return rest;
    }

    private static string NewName() => "n" + Guid.CreateVersion7().ToString("n");

    private static string Hex(int content, int length) => string.Create(CultureInfo.InvariantCulture, $"{content:x2}").PadLeft(length, 'a');
}

public sealed class ArtifactTestsOnKestrel(KestrelHost host) : ArtifactTests(host), IClassFixture<KestrelHost>;

public sealed class ArtifactTestsOnFunctions(FunctionsHost host) : ArtifactTests(host), IClassFixture<FunctionsHost>;
