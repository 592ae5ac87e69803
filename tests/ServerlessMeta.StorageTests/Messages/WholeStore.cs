using System.Globalization;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessMeta.App;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Messages;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.StorageTests.Messages;

/// <summary>The whole store as a host of messages has it: every feature and the pipeline, without a server.</summary>
internal sealed class WholeStore : IAsyncDisposable
{
    private readonly WebApplication app;

    private readonly bool isFirst;

    private WholeStore(WebApplication app, string connection, string prefix, bool isFirst) => (this.app, Connection, Prefix, this.isFirst) = (app, connection, prefix, isFirst);

    public string Connection { get; }

    public string Prefix { get; }

    public MessageEntry Entry => Service<MessageEntry>();

    public RunStore Runs => Service<RunStore>();

    public StorageClients Storage => Service<StorageClients>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<WholeStore> StartAsync(string connection, string? prefix = null, params HttpPipelinePolicy[] policies)
    {
        var isNew = prefix is null;
        prefix ??= "w" + WriteId.New();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:ConnectionString"] = connection, ["Storage:TablePrefix"] = prefix });
        builder.Logging.ClearProviders();
        builder.Services.AddServerlessMeta(builder.Configuration);
        builder.Services.AddSingleton(provider => new StorageClients(provider.GetRequiredService<IOptions<StorageOptions>>(), policies));
        var built = builder.Build();
        if (isNew)
        {
            await built.Services.GetRequiredService<StorageClients>().EnsureAsync(Ct);
        }
        return new WholeStore(built, connection, prefix, isNew);
    }

    /// <summary>Another instance over the same storage.</summary>
    public Task<WholeStore> AnotherAsync(params HttpPipelinePolicy[] policies) => StartAsync(Connection, Prefix, policies);

    public T Service<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A run of a known id: the same in every store.</summary>
    public async Task<RunId> CreateRunAsync(string key = "a run")
    {
        await Service<Experiments.ExperimentStore>().FindAsync(default, Ct);
        return (await Runs.CreateAsync(new NewRun(default, key, "someone", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), []) { IdempotencyKey = key }, Ct)).Value.Info.Id;
    }

    public async Task<IReadOnlyList<MessageOutcome>> HandleAsync(params IncomingMessage[] batch) => await Entry.HandleAsync(batch, Ct);

    /// <summary>Every row there is, but for the time of its last write: what follows from a change may be written again, as it is.</summary>
    public async Task<SortedDictionary<string, string>> RowsAsync()
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in typeof(StorageClients).GetProperties().Select(property => property.GetValue(Storage)).OfType<TableClient>())
        {
            await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Ct))
            {
                rows[$"{table.Name[Prefix.Length..]} {row.PartitionKey} {row.RowKey}"] = string.Join(' ', row.Where(static property => property.Key is not ("odata.etag" or "Timestamp")).OrderBy(static property => property.Key, StringComparer.Ordinal)
                    .Select(static property => $"{property.Key}={(property.Value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(property.Value, CultureInfo.InvariantCulture))}"));
            }
        }
        return rows;
    }

    public static IncomingMessage Message(string id, string operation, object data, string? subject = null, string source = "/jobs/a", string? messageId = null, int deliveryCount = 1) =>
        Body(Event(id, operation, data, subject, source), "application/cloudevents+json", messageId ?? id, deliveryCount);

    public static IncomingMessage Batch(string messageId, params object[] events) => Body(events, "application/cloudevents-batch+json", messageId);

    public static object Event(string id, string operation, object data, string? subject = null, string source = "/jobs/a") =>
        new { specversion = "1.0", id, source, type = $"dev.serverlessmeta.{operation}.v1", subject, data };

    public static IncomingMessage Body(object body, string? contentType, string messageId, int deliveryCount = 1) =>
        new(Entities.Ingest, messageId, null, contentType, BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(body)), deliveryCount, new Dictionary<string, object?>(StringComparer.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (isFirst)
        {
            await TestStorage.DeleteAsync(Connection, Prefix);
        }
    }
}
