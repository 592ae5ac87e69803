using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Artifacts;

/// <summary>Bytes that go straight to storage, and bytes that were changed there.</summary>
public sealed class DirectTests(KestrelHost host, AzuriteFixture azurite) : IClassFixture<KestrelHost>
{
    private const string Multipart = "/api/2.0/mlflow-artifacts/mpu/";
    private static readonly HttpClient Plain = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_put_to_a_presigned_address_is_listed_at_once_and_taken_in_at_the_first_read()
    {
        var run = await host.Api.CreateRunAsync("0");
        var signed = (await host.Api.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = "big/model.bin" })).Ok();
        Assert.False((await ListAsync(run, "")).AsObject().ContainsKey("files"));
        using (var before = await host.Api.GetFileAsync(Proxy.PathOf(run, "big/model.bin")))
        {
            Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        }

        Assert.Equal(201, await PutAsync(signed["presigned_url"]!.ToString(), "the bytes"));

        Assert.Equal(["big/"], Proxy.Names(await ListAsync(run, "")));
        Assert.Equal(9, (await ListAsync(run, "big"))["files"]![0]!["file_size"]!.GetValue<int>());
        Assert.Equal(403, await PutAsync(signed["presigned_url"]!.ToString(), "others"));
        Assert.Equal("the bytes", await host.Api.ReadFileAsync(Proxy.PathOf(run, "big/model.bin")));
        Assert.Equal(403, await PutAsync(signed["presigned_url"]!.ToString(), "others"));
        Assert.Equal("the bytes", (await host.Api.GetAsync(Proxy.Files + Proxy.PathOf(run, "big/model.bin"), ("verify", "true"))).Text);
    }

    [Fact]
    public async Task A_presigned_upload_keeps_the_file_before_until_its_bytes_are_there()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a"), "old"u8.ToArray())).Ok();
        var signed = (await host.Api.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = "a", expiration = 60 })).Ok();

        Assert.Equal("old", await host.Api.ReadFileAsync(Proxy.PathOf(run, "a")));
        await PutAsync(signed["presigned_url"]!.ToString(), "newer");

        Assert.Equal("newer", await host.Api.ReadFileAsync(Proxy.PathOf(run, "a")));
    }

    [Fact]
    public async Task The_timer_takes_in_what_nobody_read()
    {
        var run = await host.Api.CreateRunAsync("0");
        var signed = (await host.Api.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = "a" })).Ok();
        await PutAsync(signed["presigned_url"]!.ToString(), "bytes");

        await host.Services.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Uploads, default, Ct);
        await host.Services.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Sweep, default, Ct);

        Assert.Equal(["a"], Proxy.Names(await ListAsync(run, "")));
        Assert.Equal("bytes", await host.Api.ReadFileAsync(Proxy.PathOf(run, "a")));
    }

    [Theory]
    [InlineData("", null, "run_id")]
    [InlineData("a/../b", null, "Invalid path")]
    [InlineData("a", 0, "expiration")]
    [InlineData("a", 518_401, "expiration")]
    public async Task A_presigned_upload_is_refused_with_a_reason(string path, int? expiration, string named)
    {
        var run = named == "run_id" ? null : await host.Api.CreateRunAsync("0");

        (await host.Api.PostAsync("artifacts/presigned-upload-url", new { run_id = run, path = path.Length == 0 ? "x" : path, expiration })).FailsNaming(400, "INVALID_PARAMETER_VALUE", named);
    }

    [Fact]
    public async Task A_presigned_download_gives_the_bytes_as_an_attachment()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a.html"), "<p>"u8.ToArray())).Ok();

        var signed = (await host.Api.GetAsync("/api/2.0/mlflow-artifacts/presigned/" + Proxy.PathOf(run, "a.html"))).Ok();

        Assert.Equal(3, signed["file_size"]!.GetValue<int>());
        Assert.Equal("<p>", await Plain.GetStringAsync(signed["url"]!.ToString(), Ct));
        Assert.Contains("rscd=attachment", signed["url"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(404, (await host.Api.GetAsync("/api/2.0/mlflow-artifacts/presigned/" + Proxy.PathOf(run, "none"))).Status);
    }

    [Fact]
    public async Task Parts_put_side_by_side_make_a_file()
    {
        var run = await host.Api.CreateRunAsync("0");
        var folder = Proxy.PathOf(run, "models");
        var upload = (await host.Api.PostAsync(Multipart + "create/" + folder, new { path = "/tmp/model.bin", num_parts = 3 })).Ok();
        var credentials = upload["credentials"]!.AsArray();

        await Task.WhenAll(credentials.Select(async (part, i) => Assert.Equal(201, await PutAsync(part!["url"]!.ToString(), new string((char)('a' + i), 1000)))));
        Assert.Empty(await host.Api.NamesAsync(folder));
        var complete = new { path = "/tmp/model.bin", upload_id = upload["upload_id"]!.ToString(), parts = credentials.Select(part => new { part_number = part!["part_number"]!.GetValue<int>(), etag = "", url = part["url"]!.ToString() }).Reverse() };
        (await host.Api.PostAsync(Multipart + "complete/" + folder, complete)).Ok();
        (await host.Api.PostAsync(Multipart + "complete/" + folder, complete)).Ok();

        Assert.Equal(["model.bin"], await host.Api.NamesAsync(folder));
        Assert.Equal(new string('a', 1000) + new string('b', 1000) + new string('c', 1000), await host.Api.ReadFileAsync(folder + "/model.bin"));
        await PutAsync(credentials[0]!["url"]!.ToString().Split("&comp=")[0], "overwritten");
        Assert.StartsWith("aaa", await host.Api.ReadFileAsync(folder + "/model.bin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_part_a_foreign_id_and_an_aborted_upload_are_refused()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "models");
        var upload = (await host.Api.PostAsync(Multipart + "create/" + folder, new { path = "m", num_parts = 2 })).Ok();
        var id = upload["upload_id"]!.ToString();
        await PutAsync(upload["credentials"]![0]!["url"]!.ToString(), "one");
        var complete = new { path = "m", upload_id = id, parts = new[] { new { part_number = 1 }, new { part_number = 2 } } };

        (await host.Api.PostAsync(Multipart + "complete/" + folder, complete)).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Not every part");
        (await host.Api.PostAsync(Multipart + "complete/" + folder, new { path = "m", upload_id = "../../x", parts = new[] { new { part_number = 1 } } })).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "Upload");
        (await host.Api.PostAsync(Multipart + "abort/" + folder, new { path = "m", upload_id = id })).Ok();
        (await host.Api.PostAsync(Multipart + "abort/" + folder, new { path = "m", upload_id = id })).Ok();
        (await host.Api.PostAsync(Multipart + "complete/" + folder, complete)).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Not every part");
        foreach (var (body, named) in new (object, string)[] { (new { path = "m" }, "num_parts"), (new { path = "m", num_parts = 0 }, "num_parts"), (new { path = "m", num_parts = 10_001 }, "num_parts"), (new { num_parts = 1 }, "path") })
        {
            (await host.Api.PostAsync(Multipart + "create/" + folder, body)).FailsNaming(400, "INVALID_PARAMETER_VALUE", named);
        }
        Assert.Empty(await host.Api.NamesAsync(folder));
    }

    [Fact]
    public async Task Bytes_changed_behind_the_stores_back_are_told_by_a_verified_read_alone()
    {
        var run = await host.Api.CreateRunAsync("0");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a"), "right"u8.ToArray())).Ok();
        var file = await host.Services.GetRequiredService<ArtifactStore>().FindAsync(ArtifactPath.Parse(Proxy.PathOf(run, "a")).Value, Ct);
        await host.Services.GetRequiredService<StorageClients>().Contents.GetBlobClient(file!.Blob).UploadAsync(BinaryData.FromString("wrong"), overwrite: true, Ct);

        (await host.Api.GetAsync(Proxy.Files + Proxy.PathOf(run, "a"), ("verify", "true"))).FailsNaming(500, "DATA_LOSS", "does not have the digest");
        var faults = (await host.Api.GetAsync($"/api/v1/contents/{file.Sha256}")).Ok()["faults"]!.AsArray();
        Assert.Equal((file.Blob, file.Path.ToString()), (Assert.Single(faults)!["blob"]!.ToString(), faults[0]!["path"]!.ToString()));
        Assert.Equal("wrong", (await host.Api.GetAsync(Proxy.Files + Proxy.PathOf(run, "a"))).Text);
        (await host.Api.GetAsync(Proxy.Files + Proxy.PathOf(run, "a"), ("verify", "perhaps"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "verify");
    }

    [Fact]
    public async Task An_upload_while_storage_goes_away_is_a_503_that_leaves_nothing_and_passes()
    {
        await using var relay = new TcpRelay(azurite.BlobPort);
        var store = await host.AnotherAsync(connectionString: azurite.ConnectionString.Replace($":{azurite.BlobPort}/", $":{relay.Port}/", StringComparison.Ordinal));
        var run = await host.Api.CreateRunAsync("0");
        foreach (var answers in new[] { 0, 1, 2, 3 })
        {
            relay.CutAfter(answers);
            var cut = await store.Api.PutFileAsync(Proxy.PathOf(run, $"f{answers}"), new byte[(44 * 1024 * 1024) + answers]);
            relay.Mend();

            cut.Fails(503, "TEMPORARILY_UNAVAILABLE", "Storage did not answer; try again.");
            Assert.DoesNotContain($"f{answers}", await host.Api.NamesAsync(Proxy.PathOf(run, "").TrimEnd('/')));
            (await store.Api.PutFileAsync(Proxy.PathOf(run, $"f{answers}"), new byte[(44 * 1024 * 1024) + answers])).Ok();
        }
        Assert.Equal(4, (await host.Api.NamesAsync(Proxy.PathOf(run, "").TrimEnd('/'))).Length);
    }

    [Fact]
    public async Task A_runs_files_are_reached_by_the_run()
    {
        var run = await host.Api.CreateRunAsync("0");
        using var upload = new HttpRequestMessage(HttpMethod.Post, $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=from%20browser/a.txt") { Content = new ByteArrayContent("x"u8.ToArray()) };
        (await host.Api.SendAsync(upload)).Ok();

        Assert.Equal(["from browser/"], Proxy.Names(await ListAsync(run, "")));
        var below = await ListAsync(run, "from browser/");
        Assert.Equal(["from browser/a.txt"], Proxy.Names(below));
        Assert.Equal($"mlflow-artifacts:/0/{run}/artifacts", below["root_uri"]!.ToString());
        Assert.Equal("x", await host.Api.ReadFileAsync($"/get-artifact?run_id={run}&path=from%20browser/a.txt"));
        Assert.Equal("x", await host.Api.ReadFileAsync($"/get-artifact?run_uuid={run}&path=from%20browser/a.txt"));
        (await host.Api.GetAsync("/get-artifact", ("run_id", run), ("path", "../x"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
        (await host.Api.GetAsync("/get-artifact", ("run_id", run))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "path");
        (await host.Api.GetAsync("/get-artifact", ("run_id", new string('0', 31) + "1"), ("path", "x"))).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "Run");
        (await host.Api.GetAsync("artifacts/list", ("run_id", run), ("path", "a/../b"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
        (await host.Api.GetAsync("/model-versions/get-artifact", ("name", "m"), ("version", "1"), ("path", "x"))).FailsNaming(404, "RESOURCE_DOES_NOT_EXIST", "Model Version");
    }

    [Fact]
    public async Task A_run_whose_experiment_names_a_place_keeps_its_files_there()
    {
        var here = (await host.Api.PostAsync("experiments/create", new { name = Guid.CreateVersion7().ToString(), artifact_location = "mlflow-artifacts:/teams/vision" })).Ok()["experiment_id"]!.ToString();
        var elsewhere = (await host.Api.PostAsync("experiments/create", new { name = Guid.CreateVersion7().ToString(), artifact_location = "s3://bucket/x" })).Ok()["experiment_id"]!.ToString();
        var (near, far) = (await host.Api.CreateRunAsync(here), await host.Api.CreateRunAsync(elsewhere));
        (await host.Api.PutFileAsync($"teams/vision/{near}/artifacts/a", "x"u8.ToArray())).Ok();

        Assert.Equal(["a"], Proxy.Names(await ListAsync(near, "")));
        Assert.Equal("{\"root_uri\":\"s3://bucket/x/" + far + "/artifacts\"}", (await host.Api.GetAsync("artifacts/list", ("run_id", far))).Text);
        (await host.Api.GetAsync("/get-artifact", ("run_id", far), ("path", "a"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "elsewhere");
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ListAsync(string run, string path) => (await host.Api.GetAsync("artifacts/list", ("run_id", run), ("path", path))).Ok();

    private static async Task<int> PutAsync(string address, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var response = await Plain.SendAsync(request, Ct);
        return (int)response.StatusCode;
    }
}
