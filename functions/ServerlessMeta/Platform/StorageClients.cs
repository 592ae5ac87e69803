using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace ServerlessMeta.Platform;

/// <summary>The tables and containers of the store. They are created by infrastructure; <see cref="EnsureAsync"/> is for laptops and tests.</summary>
public sealed class StorageClients : IDisposable
{
    private readonly SocketsHttpHandler handler = new()
    {
        MaxConnectionsPerServer = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
    };

    private readonly HttpClient http;

    public StorageClients(IOptions<StorageOptions> options, IEnumerable<HttpPipelinePolicy>? faults = null)
    {
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var settings = options.Value;
        var tableOptions = Tune(new TableClientOptions(), isTable: true, faults);
        var blobOptions = Tune(new BlobClientOptions(), isTable: false, faults);
        TableServiceClient tables;
        BlobServiceClient blobs;
        if (!string.IsNullOrEmpty(settings.ConnectionString))
        {
            (tables, blobs) = (new(settings.ConnectionString, tableOptions), new(settings.ConnectionString, blobOptions));
        }
        else
        {
            var identity = new DefaultAzureCredential();
            (tables, blobs) = (new(settings.TableServiceUri, identity, tableOptions), new(settings.BlobServiceUri, identity, blobOptions));
        }
        Experiments = tables.GetTableClient(settings.TablePrefix + "experiments");
        Runs = tables.GetTableClient(settings.TablePrefix + "runs");
        Inputs = blobs.GetBlobContainerClient(settings.TablePrefix + "-inputs");
        Indexes = blobs.GetBlobContainerClient(settings.TablePrefix + "-index");
    }

    public TableClient Experiments { get; }

    public TableClient Runs { get; }

    public BlobContainerClient Inputs { get; }

    public BlobContainerClient Indexes { get; }

    /// <summary>Creates what is missing of tables and containers.</summary>
    public Task EnsureAsync(CancellationToken ct) => Task.WhenAll(
        Experiments.CreateIfNotExistsAsync(ct),
        Runs.CreateIfNotExistsAsync(ct),
        Inputs.CreateIfNotExistsAsync(cancellationToken: ct),
        Indexes.CreateIfNotExistsAsync(cancellationToken: ct));

    public void Dispose()
    {
        http.Dispose();
        handler.Dispose();
    }

    // Few and fast retries: the stores repeat with knowledge of what they wanted.
    private T Tune<T>(T options, bool isTable, IEnumerable<HttpPipelinePolicy>? faults)
        where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(http);
        options.Retry.MaxRetries = 2;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(20);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        foreach (var policy in faults ?? [])
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        }
        options.AddPolicy(new StorageMeterPolicy(isTable), HttpPipelinePosition.PerRetry);
        return options;
    }
}
