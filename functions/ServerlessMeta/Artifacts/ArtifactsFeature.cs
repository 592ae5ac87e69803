using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Artifacts;

/// <summary>Files: their bytes by content, their paths, uploads and downloads past this store, and the upkeep of it all.</summary>
public static class ArtifactsFeature
{
    private const string RunPrefix = "run:";

    public static void Map(IEndpointRouteBuilder routes) => ContentEndpoints.Map(routes);

    /// <param name="scheme">The scheme by which a dialect addresses this store's own files.</param>
    public static void Add(IServiceCollection services, IConfiguration configuration, string scheme)
    {
        services.AddOptionsWithValidateOnStart<ArtifactsOptions, ArtifactsOptionsValidator>().Bind(configuration.GetSection(ArtifactsOptions.Section));
        services.AddSingleton(new ArtifactLocations(scheme));
        services.AddSingleton<ArtifactsClock>();
        services.AddSingleton<BlockBuffers>();
        services.AddSingleton<UploadStream>();
        services.AddSingleton<ContentStore>();
        services.AddSingleton<FileAudit>();
        services.AddSingleton<FileTable>();
        services.AddSingleton<PresignedAddresses>();
        services.AddSingleton<StagedUploads>();
        services.AddSingleton<FolderListing>();
        services.AddSingleton<FileEffects>();
        services.AddSingleton(static provider => new ArtifactStore(
            provider.GetRequiredService<ContentStore>(),
            provider.GetRequiredService<FileTable>(),
            provider.GetRequiredService<FolderListing>(),
            provider.GetRequiredService<StagedUploads>(),
            provider.GetRequiredService<FileEffects>(),
            provider.GetRequiredService<ArtifactsClock>()));
        services.AddSingleton(static provider => new DirectUploads(
            provider.GetRequiredService<StorageClients>(),
            provider.GetRequiredService<FileTable>(),
            provider.GetRequiredService<StagedUploads>(),
            provider.GetRequiredService<PresignedAddresses>(),
            provider.GetRequiredService<ArtifactsClock>()));
        services.AddSingleton(static provider => new ContentVerifier(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ContentStore>(), provider.GetRequiredService<FileTable>(), provider.GetRequiredService<ArtifactsClock>()));
        services.AddSingleton(static provider => new ContentSweep(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ContentStore>(), provider.GetRequiredService<ArtifactsClock>()));
        services.AddSingleton(static provider => new StagedUpkeep(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<StagedUploads>(), provider.GetRequiredService<ILogger<StagedUpkeep>>()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<RunReader>(), provider.GetRequiredService<ArtifactLocations>()));
    }

    private static AuditSource SourceOf(StorageClients storage, RunReader runs, ArtifactLocations locations) => new()
    {
        Kind = "file",
        Letters = FileKeys.RecordLetters,
        IsOrdered = false,
        IsListed = false,
        IsSealed = false,
        Columns = FileRow.RecordColumns,
        Digest = FileRow.DigestOf,
        ObjectOf = FileKeys.ObjectOf,
        IsHome = static _ => true,
        RowsOf = static one => FileKeys.RecordsOf(one.Home, one.Key),
        Partitions = ct => PartitionsAsync(storage, "", ct),
        PartitionsFrom = (from, ct) => PartitionsAsync(storage, from, ct),
        Locate = (path, _) => Task.FromResult(ArtifactPath.Parse(path) is { IsOk: true, Value.IsRoot: false } parsed ? LocateIn(storage, parsed.Value) : null),
        Within = async (named, ct) => named.StartsWith(RunPrefix, StringComparison.Ordinal) && RunId.TryParse(named[RunPrefix.Length..], null, out var id) && id != default && await runs.FindAsync(id, ct) is { } run
            && locations.OfRun(run.ToInfo(run.Stage)) is { } folder ? new AuditedPartition(storage.Files, FileKeys.Split(folder).Partition) : null,
    };

    private static AuditedObject LocateIn(StorageClients storage, ArtifactPath path)
    {
        var (partition, inner) = FileKeys.Split(path);
        return new AuditedObject(new AuditedPartition(storage.Files, partition), FileKeys.ObjectKey(inner), FileKeys.File(inner));
    }

    // Each asked for behind the one before: an operation a folder.
    private static async IAsyncEnumerable<AuditedPartition> PartitionsAsync(StorageClients storage, string from, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var filter = TableClient.CreateQueryFilter($"PartitionKey ge {from}"); ;)
        {
            string? found = null;
            await foreach (var row in storage.Files.QueryAsync<TableEntity>(filter, 1, ["PartitionKey"], ct))
            {
                found = row.PartitionKey;
                break;
            }
            if (found is null)
            {
                yield break;
            }
            yield return new AuditedPartition(storage.Files, found);
            filter = TableClient.CreateQueryFilter($"PartitionKey gt {found}");
        }
    }
}
