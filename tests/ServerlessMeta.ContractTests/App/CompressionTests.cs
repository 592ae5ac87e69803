using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>JSON that is long enough is compressed for those who accept it, and nothing else of the API is.</summary>
public sealed class CompressionTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Long_answers_are_compressed_and_say_the_same(string encoding)
    {
        var experiment = await ExperimentAsync(12);
        var search = new JsonObject { ["experiment_ids"] = new JsonArray(experiment) }.ToJsonString();

        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Get, $"/api/v1/experiments/{experiment}/export?format=json", null), (HttpMethod.Post, "/api/2.0/mlflow/runs/search", search), (HttpMethod.Get, "/openapi/v1.json", null),
        })
        {
            using var plain = await AskAsync(method, path, body, null);
            using var packed = await AskAsync(method, path, body, encoding);
            var (expected, sent) = (await plain.Content.ReadAsStringAsync(Ct), await packed.Content.ReadAsByteArrayAsync(Ct));

            Assert.Empty(plain.Content.Headers.ContentEncoding);
            Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", packed.Headers.Vary);
            Assert.Equal("application/json", packed.Content.Headers.ContentType?.MediaType);
            Assert.True(sent.Length < expected.Length / 2, $"{path}: {sent.Length} of {expected.Length}");
            Assert.Equal(expected, Unpack(sent, encoding));
        }
    }

    [Fact]
    public async Task Short_answers_are_sent_as_they_are()
    {
        var experiment = await ExperimentAsync(1);

        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Get, $"/api/v1/experiments/{experiment}/export?format=json", null), (HttpMethod.Get, $"/api/2.0/mlflow/experiments/get?experiment_id={experiment}", null),
            (HttpMethod.Get, "/api/v1/runs/nonsense/anomalies", null), (HttpMethod.Post, "/api/2.0/mlflow/runs/log-metric", "{}"), (HttpMethod.Get, "/api/v1/events", null),
        })
        {
            using var answer = await AskAsync(method, path, body, "gzip, br");

            Assert.Empty(answer.Content.Headers.ContentEncoding);
            Assert.NotNull(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct)));
        }
    }

    [Theory]
    [InlineData("long.json", "application/json")]
    [InlineData("long.html", "text/html")]
    public async Task Files_are_their_bytes_whole_in_part_and_not_at_all(string name, string type)
    {
        var bytes = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("\"<p>again</p>\"", 500))}]");
        var (experiment, path) = (await host.Api.CreateExperimentAsync(), "");
        var run = await host.Api.CreateRunAsync(experiment);
        path = $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/{name}";
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var put = await host.Api.Http.PutAsync(path, body, Ct);
        Assert.True(put.IsSuccessStatusCode);

        using var whole = await AskAsync(HttpMethod.Get, path, null, "gzip, br");
        using var part = await AskAsync(HttpMethod.Get, path, null, "gzip, br", request => request.Headers.Range = new RangeHeaderValue(2, 2_001));
        using var known = await AskAsync(HttpMethod.Get, path, null, "gzip, br", request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));

        Assert.Empty(whole.Content.Headers.ContentEncoding);
        Assert.Equal(bytes.Length, whole.Content.Headers.ContentLength);
        Assert.False(whole.Headers.ETag!.IsWeak);
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal((206, 0), ((int)part.StatusCode, part.Content.Headers.ContentEncoding.Count));
        Assert.Equal(bytes[2..2_002], await part.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(304, (int)known.StatusCode);
    }

    [Fact]
    public async Task Weak_tags_hold_for_the_compressed_answer()
    {
        // With a run, the page has all that a page may have; of one that has ended it says the same at any time.
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);
        (await host.Api.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_780_000_000_000 })).Ok();
        using var page = await AskAsync(HttpMethod.Get, $"/experiments/{experiment}", null, "br");
        using var again = await AskAsync(HttpMethod.Get, $"/experiments/{experiment}", null, "br", request => request.Headers.IfNoneMatch.Add(page.Headers.ETag!));

        Assert.Equal(["br"], page.Content.Headers.ContentEncoding);
        Assert.Contains(run, Unpack(await page.Content.ReadAsByteArrayAsync(Ct), "br"), StringComparison.Ordinal);
        Assert.Equal((304, 0L), ((int)again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Ct)).LongLength));
    }

    [Fact]
    public async Task What_has_a_secret_is_not_compressed()
    {
        var experiment = await host.Api.CreateExperimentAsync();
        var run = await host.Api.CreateRunAsync(experiment);

        using var answer = await AskAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{experiment}/{run}/artifacts", """{"path":"model.bin","num_parts":20}""", "gzip");

        Assert.True((await answer.Content.ReadAsByteArrayAsync(Ct)).Length > 1_500);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    private static string Unpack(byte[] sent, string encoding)
    {
        using var packed = new MemoryStream(sent);
        using Stream whole = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        using var text = new StreamReader(whole);
        return text.ReadToEnd();
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? body, string? accepts, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (accepts is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        }
        more?.Invoke(request);
        return await host.Api.Http.SendAsync(request, Ct);
    }

    private async Task<string> ExperimentAsync(int runs)
    {
        var experiment = await host.Api.CreateExperimentAsync();
        for (var number = 0; number < runs; number++)
        {
            (await host.Api.PostAsync("runs/log-batch", new
            {
                run_id = await host.Api.CreateRunAsync(experiment, new { run_name = $"run {number}" }),
                metrics = new[] { new { key = "acc", value = number / 8.0, timestamp = 1, step = 0 } },
                @params = new[] { new { key = "optimizer", value = "adam" } },
            })).Ok();
        }
        return experiment;
    }
}
