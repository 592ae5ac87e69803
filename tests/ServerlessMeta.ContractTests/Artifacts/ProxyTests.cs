using System.Net;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Artifacts;

public abstract class ProxyTests(StoreHost host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_logs_lists_and_downloads_artifacts()
    {
        var run = await host.Api.CreateRunAsync("0");
        var root = (await host.Api.GetRunAsync(run))["info"]!["artifact_uri"]!.GetValue<string>();
        Assert.Equal($"mlflow-artifacts:/0/{run}/artifacts", root);
        var folder = root["mlflow-artifacts:/".Length..];

        (await host.Api.PutFileAsync(folder + "/notes.txt", Encoding.UTF8.GetBytes("hello"))).Ok();
        (await host.Api.PutFileAsync(folder + "/plots/loss.png", [1, 2, 3])).Ok();

        Assert.Equal(["notes.txt", "plots/"], await host.Api.NamesAsync(folder));
        Assert.Equal(["loss.png"], await host.Api.NamesAsync(folder + "/plots"));
        Assert.Equal("{}", (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), ("path", folder + "/none"))).Text);
        Assert.Equal("hello", await host.Api.ReadFileAsync(folder + "/notes.txt"));
        Assert.Equal(3, (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), ("path", folder + "/plots"))).Ok()["files"]![0]!["file_size"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_missing_file_is_404_and_deleting_it_is_fine()
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "none");

        using var missing = await host.Api.GetFileAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("RESOURCE_DOES_NOT_EXIST", await missing.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal("{}", (await host.Api.DeleteFileAsync(path)).Text);
        Assert.Equal("{}", (await host.Api.DeleteFileAsync(path)).Text);
    }

    [Fact]
    public async Task An_upload_may_be_repeated()
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "a");

        (await host.Api.PutFileAsync(path, [1])).Ok();
        (await host.Api.PutFileAsync(path, [1])).Ok();
        (await host.Api.PutFileAsync(path, [2, 3])).Ok();

        Assert.Equal("\u0002\u0003", await host.Api.ReadFileAsync(path));
    }

    [Fact]
    public async Task Ranges_and_conditions_are_answered_as_rfc_9110_says()
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "a.txt");
        (await host.Api.PutFileAsync(path, Encoding.ASCII.GetBytes("0123456789"))).Ok();

        using var whole = await host.Api.GetFileAsync(path);
        var tag = whole.Headers.ETag!.ToString();
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData("0123456789"u8))}\"", tag);
        Assert.Equal(("text/plain", 10L), (whole.Content.Headers.ContentType!.MediaType, whole.Content.Headers.ContentLength!.Value));
        foreach (var (range, status, content) in new[]
        {
            ("bytes=0-0", 206, "0"), ("bytes=3-5", 206, "345"), ("bytes=7-", 206, "789"), ("bytes=-2", 206, "89"), ("bytes=5-99", 206, "56789"), ("bytes=10-", 416, ""), ("lines=1-2", 200, "0123456789"),
        })
        {
            using var part = await host.Api.GetFileAsync(path, ("Range", range));
            Assert.Equal((status, content), ((int)part.StatusCode, await part.Content.ReadAsStringAsync(Ct)));
        }
        foreach (var (header, value, status) in new[] { ("If-None-Match", tag, 304), ("If-None-Match", "\"other\"", 200), ("If-None-Match", "*", 304), ("If-Match", "\"other\"", 412) })
        {
            using var conditional = await host.Api.GetFileAsync(path, (header, value));
            Assert.Equal(status, (int)conditional.StatusCode);
        }
        using var stale = await host.Api.GetFileAsync(path, ("Range", "bytes=0-0"), ("If-Range", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        using var head = await host.Api.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Proxy.Files + path), Ct);
        Assert.Equal((HttpStatusCode.OK, 10L), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
    }

    [Theory]
    [InlineData("page.html", "text/html")]
    [InlineData("image.svg", "image/svg+xml")]
    [InlineData("script.js", "text/javascript")]
    [InlineData("data.xml", "application/xml")]
    [InlineData("a.txt", "text/html")]
    public async Task Nothing_that_is_stored_runs_in_the_stores_name(string name, string type)
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), name);
        (await host.Api.PutFileAsync(path, Encoding.ASCII.GetBytes("<script>alert(1)</script>"), ("Content-Type", type))).Ok();

        using var answer = await host.Api.GetFileAsync(path);

        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declared_digests_are_checked()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");
        var bytes = "digest me"u8.ToArray();
        var digests = await ContentHasher.HashAsync(new MemoryStream(bytes), Ct);
        var (md5, sha) = (Convert.ToBase64String(Convert.FromHexString(digests.Md5)), Convert.ToBase64String(Convert.FromHexString(digests.Sha256)));

        (await host.Api.PutFileAsync(folder + "a", bytes, ("Content-MD5", md5), ("Content-Digest", $"sha-256=:{sha}:"))).Ok();
        foreach (var header in new[] { ("Content-MD5", Convert.ToBase64String(new byte[16])), ("Content-MD5", "nonsense"), ("Content-Digest", $"sha-256=:{Convert.ToBase64String(new byte[32])}:"), ("Repr-Digest", "sha-256=:AAAA:") })
        {
            (await host.Api.PutFileAsync(folder + "b", bytes, header)).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Content-");
        }

        Assert.Equal(["a"], await host.Api.NamesAsync(folder.TrimEnd('/')));
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("%2e%2e/%2e%2e/secret")]
    [InlineData("%2E%2E%2Fsecret")]
    [InlineData("a/%252e%252e/b")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("/etc/passwd")]
    [InlineData("%2Fetc/passwd")]
    [InlineData("C:/windows")]
    [InlineData("a%5C..%5Cb")]
    [InlineData("a%00b")]
    public async Task A_path_that_climbs_or_begins_at_a_root_is_refused(string path)
    {
        foreach (var verb in new[] { "PUT", "GET", "DELETE" })
        {
            var answer = await Proxy.SendRawAsync(host.Address, $"{verb} {Proxy.Files}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
            Assert.True(path.Contains("%00", StringComparison.Ordinal) || answer.Contains("Invalid path", StringComparison.Ordinal), answer);
        }
        (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), ("path", Uri.UnescapeDataString(path)))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
    }

    [Theory]
    [InlineData("names in any script/名前 🎈/Ünïcode.txt")]
    [InlineData("a#b?c%d^e|f.txt")]
    [InlineData("it's \"quoted\" & + = ; , @ $ !.txt")]
    [InlineData(".hidden/..two dots../...")]
    public async Task A_name_in_any_script_comes_back(string name)
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), name);

        (await host.Api.PutFileAsync(path, Encoding.UTF8.GetBytes(name))).Ok();

        Assert.Equal(name, await host.Api.ReadFileAsync(path));
        Assert.Equal([path[(path.LastIndexOf('/') + 1)..]], await host.Api.NamesAsync(path[..path.LastIndexOf('/')]));
    }

    [Fact]
    public async Task An_escaped_percent_is_no_escaped_slash()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");

        (await host.Api.PutFileAsync(folder + "a%2Fb", "one"u8.ToArray())).Ok();
        (await host.Api.PutFileAsync(folder + "a/b", "two"u8.ToArray())).Ok();

        Assert.Equal(("one", "two"), (await host.Api.ReadFileAsync(folder + "a%2Fb"), await host.Api.ReadFileAsync(folder + "a/b")));
        Assert.Equal("two", await host.Api.ReadFileAsync($"{Proxy.Files}{folder}a%2Fb"));
    }

    [Fact]
    public async Task The_folder_of_a_run_can_be_no_file()
    {
        var run = await host.Api.CreateRunAsync("0");

        (await host.Api.PutFileAsync($"0/{run}/artifacts", [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "folder of a run");
        (await host.Api.PutFileAsync(Proxy.PathOf(run, "a"), [1])).Ok();
        (await host.Api.PutFileAsync("0", [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "is a folder");
        (await host.Api.PostAsync($"/api/2.0/mlflow-artifacts/mpu/create/0/{run}/artifacts", new { path = "x/", num_parts = 1 })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "names no file");
    }

    [Fact]
    public async Task A_place_without_room_for_runs_is_refused()
    {
        (await host.Api.PostAsync("experiments/create", new { name = Guid.CreateVersion7().ToString(), artifact_location = "mlflow-artifacts:/" + new string('a', 400) })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "artifact_location");
        (await host.Api.PostAsync("experiments/create", new { name = Guid.CreateVersion7().ToString(), artifact_location = "mlflow-artifacts:/a/../b" })).FailsNaming(400, "INVALID_PARAMETER_VALUE", "artifact_location");
    }

    [Fact]
    public async Task A_name_is_refused_when_it_is_too_long()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");

        (await host.Api.PutFileAsync(folder + new string('a', 480 - folder.Length), [1])).Ok();
        (await host.Api.PutFileAsync(folder + new string('a', 481 - folder.Length), [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
        (await host.Api.PutFileAsync(folder + new string('a', 6000), [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
        (await host.Api.PutFileAsync(folder + new string('漢', 400), [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid path");
    }

    [Fact]
    public async Task A_path_is_a_file_or_a_folder()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");
        (await host.Api.PutFileAsync(folder + "a", [1])).Ok();
        (await host.Api.PutFileAsync(folder + "b/c", [1])).Ok();

        (await host.Api.PutFileAsync(folder + "a/b", [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "is a file");
        (await host.Api.PutFileAsync(folder + "b", [1])).FailsNaming(400, "INVALID_PARAMETER_VALUE", "is a folder");
    }

    [Fact]
    public async Task A_cut_upload_leaves_nothing_to_see()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");

        await Proxy.SendRawAsync(host.Address, $"PUT {Proxy.Files}{folder}cut HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{new string('x', 500_000)}", hangUp: true);
        await Proxy.SendRawAsync(host.Address, $"PUT {Proxy.Files}{folder}chunked HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", hangUp: true);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct);

        Assert.Empty(await host.Api.NamesAsync(folder.TrimEnd('/')));
    }

    [Fact]
    public async Task A_body_of_more_than_a_request_is_otherwise_allowed_is_stored()
    {
        var path = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "large");
        var bytes = new byte[110 * 1024 * 1024];
        new Random(1).NextBytes(bytes);

        (await host.Api.PutFileAsync(path, bytes)).Ok();

        using var answer = await host.Api.GetFileAsync(path);
        Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(await answer.Content.ReadAsStreamAsync(Ct), Ct));
    }

    [Fact]
    public async Task Pages_of_a_folder_give_the_whole_once()
    {
        var folder = Proxy.PathOf(await host.Api.CreateRunAsync("0"), "");
        await Task.WhenAll(Enumerable.Range(0, 23).Select(async i => (await host.Api.PutFileAsync($"{folder}{i:d2}", [1])).Ok()));

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), [("path", folder.TrimEnd('/')), ("max_results", "5"), .. token is null ? Array.Empty<(string, string)>() : [("page_token", token)]])).Ok();
            names.AddRange(Proxy.Names(page));
            token = (string?)page["next_page_token"];
        }
        while (token is not null);

        Assert.Equal(Enumerable.Range(0, 23).Select(static i => i.ToString("d2", System.Globalization.CultureInfo.InvariantCulture)), names);
        (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), ("path", ""), ("page_token", "garbage!"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "Invalid page token");
        (await host.Api.GetAsync(Proxy.Files.TrimEnd('/'), ("path", ""), ("max_results", "0"))).FailsNaming(400, "INVALID_PARAMETER_VALUE", "max_results");
    }
}

public sealed class ProxyTestsOnKestrel(KestrelHost host) : ProxyTests(host), IClassFixture<KestrelHost>;

public sealed class ProxyTestsOnFunctions(FunctionsHost host) : ProxyTests(host), IClassFixture<FunctionsHost>;
