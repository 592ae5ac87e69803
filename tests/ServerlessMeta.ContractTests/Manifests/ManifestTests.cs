using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Artifacts;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Manifests;

public sealed class ManifestTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private const string DataMd5 = "00112233445566778899aabbccddeeff";

    [Fact]
    public async Task A_manifest_names_everything_that_was_read_and_made()
    {
        var run = await MakeRunAsync();

        var answer = await host.Api.GetAsync($"/api/v1/runs/{run}/manifest");

        var manifest = answer.Ok();
        var dataset = manifest["inputs"]![0]!;
        Assert.Equal(("dataset", "weather", DataMd5, "https://data/weather.csv"), (dataset["kind"]!.ToString(), dataset["path"]!.ToString(), dataset["md5"]!.ToString(), dataset["source"]!.ToString()));
        var file = manifest["outputs"]!.AsArray().Single(static entry => entry!["path"]!.ToString() == "model/weights.bin")!;
        Assert.Equal((3, Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])), $"/api/v1/runs/{run}/preview?path=model%2Fweights.bin"), (file["size"]!.GetValue<int>(), file["sha256"]!.ToString(), file["preview"]!.ToString()));
        Assert.Equal("5289df737df57326fcdd22597afb1fac", file["md5"]!.ToString());
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer.Text)))}\"", answer.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task The_same_things_give_the_same_bytes_on_any_instance_and_an_old_version_stays()
    {
        var run = await MakeRunAsync();
        var other = await host.AnotherAsync();
        var first = await host.Api.GetAsync($"/api/v1/runs/{run}/manifest");
        var digest = first.Headers.ETag!.ToString().Trim('"');

        Assert.Equal(first.Text, (await other.Api.GetAsync($"/api/v1/runs/{run}/manifest")).Text);
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "model/weights.bin"), [4])).Ok();
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "new.txt"), [5])).Ok();
        (await host.Api.DeleteFileAsync(Proxy.PathOf(run, "notes.txt"))).Ok();
        var diff = (await host.Api.GetAsync($"/api/v1/runs/{run}/manifest/diff", ("from", digest))).Ok();

        Assert.Equal(first.Text, (await other.Api.GetAsync($"/api/v1/runs/{run}/manifest", ("version", digest))).Text);
        Assert.Equal(["new.txt"], Paths(diff["added"]!));
        Assert.Equal(["notes.txt"], Paths(diff["removed"]!));
        Assert.Equal(("model/weights.bin", 1, 1), (diff["changed"]![0]!["to"]!["path"]!.ToString(), diff["changed"]!.AsArray().Count, diff["unchanged"]!.GetValue<int>()));
        var versions = (await host.Api.GetAsync($"/api/v1/runs/{run}/manifest/versions")).Ok()["items"]!.AsArray();
        Assert.Equal(2, versions.Count);
        Assert.Contains(digest, versions.Select(static version => version!["digest"]!.ToString()));
    }

    [Fact]
    public async Task Two_runs_that_read_and_made_the_same_do_not_differ()
    {
        var (one, two) = (await MakeRunAsync(), await MakeRunAsync());

        var diff = (await host.Api.GetAsync($"/api/v1/runs/{one}/manifest/diff", ("with", two))).Ok();

        Assert.Equal((0, 0, 0, 3), (diff["added"]!.AsArray().Count, diff["removed"]!.AsArray().Count, diff["changed"]!.AsArray().Count, diff["unchanged"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_known_manifest_is_304()
    {
        var run = await MakeRunAsync();
        var tag = (await host.Api.GetAsync($"/api/v1/runs/{run}/manifest")).Headers.ETag!.ToString();

        using var again = await host.Api.GetFileAsync($"/api/v1/runs/{run}/manifest", ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/runs/nonsense/manifest", 404)]
    [InlineData("/api/v1/runs/00000000000000000000000000000001/manifest", 404)]
    [InlineData("/api/v1/runs/00000000000000000000000000000001/manifest/versions", 404)]
    [InlineData("/api/v1/runs/{run}/manifest?version=abc", 404)]
    [InlineData("/api/v1/runs/{run}/manifest/diff", 400)]
    [InlineData("/api/v1/runs/{run}/manifest/diff?from=none", 404)]
    [InlineData("/api/v1/runs/{run}/manifest/diff?with=none", 404)]
    public async Task What_is_not_there_is_told_as_problem_details(string path, int status)
    {
        var answer = await host.Api.GetAsync(path.Replace("{run}", await host.Api.CreateRunAsync("0"), StringComparison.Ordinal));

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.StartsWith("urn:serverlessmeta:problem:", answer.Json["type"]!.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> MakeRunAsync()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "model/weights.bin"), [1, 2, 3])).Ok();
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "notes.txt"), "n"u8.ToArray())).Ok();
        (await host.Api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "weather", digest = DataMd5, source_type = "http", source = "https://data/weather.csv" } } } })).Ok();
        return run;
    }

    private static string[] Paths(JsonNode entries) => [.. entries.AsArray().Select(static entry => entry!["path"]!.ToString())];
}
