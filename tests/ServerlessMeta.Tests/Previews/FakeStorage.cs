using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.App;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Storage as HTTP that answers for the rows and blobs that a test put there, keeps the blobs that are put, and says what it was asked; anything else throws.</summary>
internal sealed class FakeStorage : HttpPipelinePolicy, IDisposable
{
    private readonly HttpClient http;
    private readonly HttpClientTransport transport;

    public FakeStorage()
    {
        http = new HttpClient(new Answers(this));
        transport = new HttpClientTransport(http);
    }

    /// <summary>By container (without the prefix) and name: <c>content/a</c>.</summary>
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>By table, each the only row that is asked for.</summary>
    public Dictionary<string, TableEntity> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary><c>GET content/a</c>, <c>GET runs</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What a read of a file's bytes waits for.</summary>
    public Func<Task> Reading { get; set; } = static () => Task.CompletedTask;

    public ServiceProvider Services()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:ConnectionString"] = "UseDevelopmentStorage=true", ["Storage:TablePrefix"] = "t" };
        var services = new ServiceCollection();
        services.AddLogging().AddServerlessMeta(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(provider => new StorageClients(provider.GetRequiredService<IOptions<StorageOptions>>(), [this]));
        return services.BuildServiceProvider();
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => transport.ProcessAsync(message);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public void Dispose()
    {
        transport.Dispose();
        http.Dispose();
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        // The account stands before the container or table.
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath.Split('/', 3)[2]);
        var isTable = path.Contains('(', StringComparison.Ordinal);
        var name = isTable ? path[1..path.IndexOf('(', StringComparison.Ordinal)] : path[2..];
        Calls.Enqueue($"{request.Method} {name}");
        if (isTable && request.Method == HttpMethod.Get)
        {
            return Rows.TryGetValue(name, out var row) ? Answer(HttpStatusCode.OK, Json(row), "application/json") : Answer(HttpStatusCode.NotFound, []);
        }
        if (!isTable && request.Method == HttpMethod.Put)
        {
            Blobs[name] = await request.Content!.ReadAsByteArrayAsync(ct);
            return Answer(HttpStatusCode.Created, []);
        }
        if (isTable || request.Method != HttpMethod.Get)
        {
            throw new NotSupportedException($"{request.Method} {request.RequestUri}");
        }
        if (name.StartsWith("content/", StringComparison.Ordinal))
        {
            await Reading();
        }
        if (!Blobs.TryGetValue(name, out var blob))
        {
            return Answer(HttpStatusCode.NotFound, []);
        }
        var range = request.Headers.TryGetValues("x-ms-range", out var asked) && RangeHeaderValue.TryParse(asked.Single(), out var parsed) ? parsed.Ranges.Single() : null;
        var (from, to) = ((int)(range?.From ?? 0), (int)Math.Min(blob.Length, (range?.To ?? blob.Length) + 1));
        var answer = Answer(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent, blob[from..to]);
        answer.Content.Headers.ContentRange = range is null ? null : new ContentRangeHeaderValue(from, to - 1, blob.Length);
        answer.Headers.Add("x-ms-blob-type", "BlockBlob");
        return answer;
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, byte[] body, string type = "application/octet-stream")
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent(body) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        answer.Headers.ETag = new EntityTagHeaderValue("\"1\"");
        return answer;
    }

    private static byte[] Json(TableEntity row)
    {
        var json = new Dictionary<string, object?>(StringComparer.Ordinal) { ["odata.etag"] = "\"1\"" };
        foreach (var (name, value) in row)
        {
            (json[name], var type) = value switch
            {
                long whole => ((object?)whole.ToString(CultureInfo.InvariantCulture), "Edm.Int64"),
                byte[] bytes => (Convert.ToBase64String(bytes), "Edm.Binary"),
                DateTimeOffset at => (at.ToString("O", CultureInfo.InvariantCulture), "Edm.DateTime"),
                _ => (value, null),
            };
            if (type is not null)
            {
                json[name + "@odata.type"] = type;
            }
        }
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private sealed class Answers(FakeStorage storage) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => storage.AnswerAsync(request, cancellationToken);
    }
}
