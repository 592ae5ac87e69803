using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.ModelCards;

/// <summary>Cards, bills of materials and evidence packs over HTTP.</summary>
public abstract class ModelCardTests(StoreHost host)
{
    private readonly Api api = host.Api;

    [Fact]
    public async Task Card_tells_what_the_records_say_in_three_formats()
    {
        var (name, run) = await RegisterAsync();
        await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/purpose", """{"text":"Tells who **leaves**. <script>alert(1)</script>"}""");

        var markdown = await api.GetAsync($"{Version(name)}/card");
        var html = await api.GetAsync($"{Version(name)}/card", ("format", "html"));
        var json = await api.GetAsync($"{Version(name)}/card", ("format", "json"));

        Assert.Equal(("text/markdown; charset=utf-8", "text/html; charset=utf-8", "application/json"), (markdown.ContentType, html.ContentType, json.ContentType));
        Assert.StartsWith($"# {name}, version 1\n", markdown.Text, StringComparison.Ordinal);
        Assert.Contains("> Tells who **leaves**.", markdown.Text, StringComparison.Ordinal);
        Assert.Contains($"| holdout | whole | accuracy | 0.93 | 1000 | 0.91 to 0.95 |", markdown.Text, StringComparison.Ordinal);
        Assert.Contains($"`run:{run}`", markdown.Text, StringComparison.Ordinal);
        Assert.Contains("| drift | *missing* |", markdown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html.Text, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var data = json.Json["parts"]!.AsArray().Single(static part => part!["id"]!.ToString() == "data")!;
        Assert.Equal($"md5:{Md5}", data["table"]!["rows"]![0]!["cells"]![2]!.ToString());
        Assert.Equal(markdown.Text, (await api.GetAsync($"/api/v1/models/{name}/versions/latest/card", ("format", "markdown"))).Text);
        Assert.Equal(400, (await api.GetAsync($"{Version(name)}/card", ("format", "pdf"))).Status);
    }

    [Fact]
    public async Task Bill_of_materials_is_valid_by_the_schema_of_CycloneDX()
    {
        var (name, _) = await RegisterAsync();

        var bom = await api.GetAsync($"{Version(name)}/bom");

        Assert.Equal("application/vnd.cyclonedx+json; version=1.6", bom.ContentType);
        Assert.Contains("\"pkg:pypi/scikit-learn@1.5.0\"", bom.Text, StringComparison.Ordinal);
        Assert.Contains($"\"content\": \"{Convert.ToHexStringLower(SHA256.HashData("model"u8))}\"", bom.Text, StringComparison.Ordinal);
        var (exitCode, said) = await ValidateAsync(bom.Text);
        Assert.True(exitCode == 0, said);
        Assert.NotEqual(0, (await ValidateAsync(bom.Text.Replace("\"data\": [", "\"datas\": [", StringComparison.Ordinal))).ExitCode);
    }

    [Fact]
    public async Task Evidence_is_the_same_bytes_when_made_again_and_its_sums_are_right()
    {
        var (name, run) = await RegisterAsync();

        var (one, other) = (await BytesAsync($"{Version(name)}/evidence"), await BytesAsync($"{Version(name)}/evidence"));

        Assert.Equal(one, other);
        var files = Unzip(one);
        Assert.Equal(
            ["README.md", "SHA256SUMS", "approvals.json", "audit.jsonl", "bom.cdx.json", "card.html", "card.json", "card.md", "claims.json", "decisions.json", "evaluations.json", "lineage.json", "origin.json", "policies.json", "policy.json"],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            string.Concat(files.Where(static file => file.Key != "SHA256SUMS").OrderBy(static file => file.Key, StringComparer.Ordinal).Select(static file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Value))}  {file.Key}\n")),
            Encoding.ASCII.GetString(files["SHA256SUMS"]));
        Assert.All(JsonNode.Parse(files["claims.json"])!.AsArray(), static claim => Assert.Equal(claim!["value"]!.ToString() == "missing", claim["record"] is null));
        Assert.Equal(run, JsonNode.Parse(files["origin.json"])!["run"]!["id"]!.ToString());
        Assert.Contains("\"version.create\"", Encoding.UTF8.GetString(files["audit.jsonl"]), StringComparison.Ordinal);

        await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/limits", """{"text":"Adults only."}""");

        Assert.NotEqual(one, await BytesAsync($"{Version(name)}/evidence"));
    }

    [Fact]
    public async Task Written_parts_hold_for_later_versions_and_are_refused_when_they_are_none()
    {
        var (name, _) = await RegisterAsync();
        await api.PostAsync("model-versions/create", new { name, source = "s3://bucket/other" });
        var first = await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/limits", """{"text":"Adults only."}""");
        var again = await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/limits", """{"text":"Adults only."}""");

        Assert.Equal(first.Ok().ToJsonString(), again.Ok().ToJsonString());
        Assert.Equal("Adults only.", (await api.GetAsync($"/api/v1/models/{name}/versions/2/card/sections")).Ok()["sections"]![0]!["text"]!.ToString());
        await api.SendJsonAsync(HttpMethod.Put, $"/api/v1/models/{name}/versions/2/card/sections/limits", """{"text":""}""");
        Assert.Empty((await api.GetAsync($"/api/v1/models/{name}/versions/2/card/sections")).Ok()["sections"]!.AsArray());
        Assert.Single((await api.GetAsync($"{Version(name)}/card/sections")).Ok()["sections"]!.AsArray());
        foreach (var (path, body, status) in ((string, string, int)[])
            [($"{Version(name)}/card/sections/price", """{"text":"x"}""", 400), ($"{Version(name)}/card/sections/limits", "{}", 400), ($"/api/v1/models/{name}/versions/9/card/sections/limits", """{"text":"x"}""", 404),
             ($"{Version(name)}/card/sections/limits", $$"""{"text":"{{new string('x', 16 * 1024 + 1)}}"}""", 400), ("/api/v1/models/none/versions/1/card/sections/limits", """{"text":"x"}""", 404)])
        {
            var refused = await api.SendJsonAsync(HttpMethod.Put, path, body);
            Assert.True(refused.Status == status, $"{path} {refused.Status} {refused.Text}");
            Assert.Equal("application/problem+json", refused.ContentType);
        }
        Assert.Equal(404, (await api.GetAsync($"/api/v1/models/{name}/versions/9/card")).Status);
        Assert.Equal(404, (await api.GetAsync($"/api/v1/models/{name}/versions/9/evidence")).Status);
        Assert.Equal(400, (await api.GetAsync($"/api/v1/models/{name}/versions/x/bom")).Status);
    }

    [Fact]
    public async Task Markdown_that_cannot_be_shown_is_refused()
    {
        var (name, _) = await RegisterAsync();
        foreach (var text in (string[])[new string('>', 200) + " x", string.Concat(Enumerable.Repeat("- ", 300)) + "x", new string('[', 16_000)])
        {
            var refused = await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/limits", new JsonObject { ["text"] = text }.ToJsonString());
            Assert.True(refused.Status == 400, refused.Text);
        }

        var nothing = await api.SendJsonAsync(HttpMethod.Put, $"{Version(name)}/card/sections/limits", """{"text":""}""");

        Assert.Equal(200, nothing.Status);
        Assert.Empty((await api.GetAsync($"{Version(name)}/card/sections")).Ok()["sections"]!.AsArray());
        Assert.Equal(200, (await api.GetAsync($"{Version(name)}/card", ("format", "html"))).Status);
    }

    [Fact]
    public async Task Parts_are_written_by_the_number_of_a_model_too()
    {
        var (name, _) = await RegisterAsync();
        var number = (await api.GetAsync($"/api/v1/models/{name}")).Ok()["number"]!.ToString();

        (await api.SendJsonAsync(HttpMethod.Put, $"/api/v1/models/number:{number}/versions/1/card/sections/limits", """{"text":"Adults only."}""")).Ok();

        Assert.Single((await api.GetAsync($"{Version(name)}/card/sections")).Ok()["sections"]!.AsArray());
    }

    private const string Md5 = "00112233445566778899aabbccddeeff";

    private static string Version(string name) => $"/api/v1/models/{name}/versions/1";

    // A version with a run, its data, a file, an environment and an evaluation.
    private async Task<(string Name, string Run)> RegisterAsync()
    {
        var name = "m" + Guid.CreateVersion7().ToString("n");
        var experiment = await api.CreateExperimentAsync();
        var run = await api.CreateRunAsync(experiment, new { tags = new[] { new { key = "mlflow.source.git.commit", value = new string('c', 40) }, new { key = "mlflow.source.git.repoURL", value = "https://example.org/churn.git" } } });
        (await api.PostAsync("runs/log-batch", new { run_id = run, @params = new[] { new { key = "lr", value = "0.1" } } })).Ok();
        (await api.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "customers", digest = Md5, source_type = "s3", source = "s3://bucket/customers.csv" } } } })).Ok();
        foreach (var (path, content) in ((string, string)[])[("model/model.bin", "model"), ("model/requirements.txt", "scikit-learn==1.5.0\n")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/{path}") { Content = new StringContent(content) };
            Assert.Equal(200, (await api.SendAsync(request)).Status);
        }
        (await api.PostAsync("registered-models/create", new { name, description = "Who leaves?" })).Ok();
        (await api.PostAsync("model-versions/create", new { name, source = $"mlflow-artifacts:/{experiment}/{run}/artifacts/model", run_id = run })).Ok();
        var evaluated = await api.PostAsync(
            $"{Version(name)}/evaluations", new { dataset = new { name = "holdout", digest = "abc123" }, metrics = new[] { new { key = "accuracy", value = 0.93, n = 1000, low = 0.91, high = 0.95 } }, evaluator = "eval" });
        Assert.True(evaluated.Status == 201, evaluated.Text);
        return (name, run);
    }

    private Task<byte[]> BytesAsync(string path) => api.Http.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private static Dictionary<string, byte[]> Unzip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(static entry => entry.FullName, static entry =>
        {
            using var bytes = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }, StringComparer.Ordinal);
    }

    private static async Task<(int ExitCode, string Said)> ValidateAsync(string bom)
    {
        var folder = typeof(ModelCardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "ClientsFolder").Value!;
        using var node = Process.Start(new ProcessStartInfo("node", ["validate-bom.mjs"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var said = node.StandardError.ReadToEndAsync(patience.Token);
        await node.StandardInput.WriteAsync(bom.AsMemory(), patience.Token);
        node.StandardInput.Close();
        await node.WaitForExitAsync(patience.Token);
        return (node.ExitCode, await said);
    }
}

public sealed class ModelCardTestsOnKestrel(KestrelHost host) : ModelCardTests(host), IClassFixture<KestrelHost>;

public sealed class ModelCardTestsOnFunctions(FunctionsHost host) : ModelCardTests(host), IClassFixture<FunctionsHost>;
