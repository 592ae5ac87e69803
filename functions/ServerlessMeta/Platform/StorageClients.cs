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
        Files = tables.GetTableClient(settings.TablePrefix + "files");
        ContentClaims = tables.GetTableClient(settings.TablePrefix + "contents");
        ArtifactVersions = tables.GetTableClient(settings.TablePrefix + "artifacts");
        LoggedModels = tables.GetTableClient(settings.TablePrefix + "loggedmodels");
        Environments = tables.GetTableClient(settings.TablePrefix + "environments");
        Models = tables.GetTableClient(settings.TablePrefix + "models");
        Webhooks = tables.GetTableClient(settings.TablePrefix + "webhooks");
        Comments = tables.GetTableClient(settings.TablePrefix + "comments");
        Tokens = tables.GetTableClient(settings.TablePrefix + "tokens");
        Monitoring = tables.GetTableClient(settings.TablePrefix + "monitoring");
        Rules = tables.GetTableClient(settings.TablePrefix + "rules");
        Inputs = blobs.GetBlobContainerClient(settings.TablePrefix + "-inputs");
        Indexes = blobs.GetBlobContainerClient(settings.TablePrefix + "-index");
        Contents = blobs.GetBlobContainerClient(settings.TablePrefix + "-content");
        Previews = blobs.GetBlobContainerClient(settings.TablePrefix + "-previews");
        Manifests = blobs.GetBlobContainerClient(settings.TablePrefix + "-manifests");
        EnvironmentFiles = blobs.GetBlobContainerClient(settings.TablePrefix + "-environments");
        AuditSeals = blobs.GetBlobContainerClient(settings.TablePrefix + "-audit");
        MonitoringBlobs = blobs.GetBlobContainerClient(settings.TablePrefix + "-monitoring");
        Blobs = blobs;
    }

    public TableClient Experiments { get; }

    public TableClient Runs { get; }

    /// <summary>What lies at which path, and which content it has.</summary>
    public TableClient Files { get; }

    /// <summary>Which blob has the bytes of a digest.</summary>
    public TableClient ContentClaims { get; }

    /// <summary>Artifacts wherever they lie, version by version, and the runs that made or read them.</summary>
    public TableClient ArtifactVersions { get; }

    public TableClient LoggedModels { get; }

    /// <summary>The packages of each distinct environment.</summary>
    public TableClient Environments { get; }

    /// <summary>The registry: models, versions and all that is recorded of them.</summary>
    public TableClient Models { get; }

    public TableClient Webhooks { get; }

    /// <summary>What people said of runs, experiments, models and versions.</summary>
    public TableClient Comments { get; }

    /// <summary>API tokens, by their hash.</summary>
    public TableClient Tokens { get; }

    /// <summary>Baselines, windows, labels and what was computed of them.</summary>
    public TableClient Monitoring { get; }

    /// <summary>Rules of retraining, their state, and what they fired.</summary>
    public TableClient Rules { get; }

    public BlobContainerClient Inputs { get; }

    public BlobContainerClient Indexes { get; }

    /// <summary>The bytes of stored files.</summary>
    public BlobContainerClient Contents { get; }

    public BlobContainerClient Previews { get; }

    public BlobContainerClient Manifests { get; }

    public BlobContainerClient EnvironmentFiles { get; }

    /// <summary>Signed checkpoints of the audit.</summary>
    public BlobContainerClient AuditSeals { get; }

    /// <summary>Profiles, predictions, labels and results.</summary>
    public BlobContainerClient MonitoringBlobs { get; }

    internal BlobServiceClient Blobs { get; }

    /// <summary>How long one answer is waited for; then it is asked for again.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Creates what is missing of tables and containers.</summary>
    public Task EnsureAsync(CancellationToken ct) => Task.WhenAll(
        Task.WhenAll(Tables.Select(table => table.CreateIfNotExistsAsync(ct))),
        Task.WhenAll(Containers.Select(container => container.CreateIfNotExistsAsync(cancellationToken: ct))));

    public void Dispose()
    {
        http.Dispose();
        handler.Dispose();
    }

    private IEnumerable<TableClient> Tables => [Experiments, Runs, Files, ContentClaims, ArtifactVersions, LoggedModels, Environments, Models, Webhooks, Comments, Tokens, Monitoring, Rules];

    private IEnumerable<BlobContainerClient> Containers => [Inputs, Indexes, Contents, Previews, Manifests, EnvironmentFiles, AuditSeals, MonitoringBlobs];

    // Few and fast retries: the stores repeat with knowledge of what they wanted.
    private T Tune<T>(T options, bool isTable, IEnumerable<HttpPipelinePolicy>? faults)
        where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(http);
        options.Retry.MaxRetries = 2;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = Patience;
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
