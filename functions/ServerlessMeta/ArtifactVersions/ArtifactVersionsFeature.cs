using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Audit;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Artifacts wherever they lie, version by version, and which runs made and used them.</summary>
public static class ArtifactVersionsFeature
{
    public static void Add(IServiceCollection services, DatasetWords words)
    {
        services.AddSingleton(words);
        services.AddSingleton(static provider => new ArtifactVersionStore(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<RunReader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ArtifactVersionReader(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<RunReader>()));
        services.AddSingleton(static provider => new DatasetLineage(
            provider.GetRequiredService<RunStore>(),
            provider.GetRequiredService<RunReader>(),
            provider.GetRequiredService<InputBlobs>(),
            provider.GetRequiredService<ArtifactVersionStore>(),
            provider.GetRequiredService<DatasetWords>()));
        services.AddSingleton<BeforeCooling>(static provider => provider.GetRequiredService<DatasetLineage>().RecordAgainAsync);
        services.AddSingleton(static provider => new ReceiptSource(provider.GetRequiredService<StorageClients>().ArtifactVersions, static _ => ArtifactVersionKeys.AllPartitions.ToAsyncEnumerable()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<StorageClients>()));
    }

    private static AuditSource SourceOf(StorageClients storage) => new()
    {
        Kind = "artifact",
        Letters = ArtifactVersionKeys.RecordLetters,
        IsOrdered = false,
        Digest = static row => ArtifactVersionKeys.RecordLetters[0] == row.RowKey[0] ? ArtifactRow.DigestOf(row) : RowDigest.Of(row),
        ObjectOf = ArtifactVersionKeys.ObjectOf,
        IsHome = static rowKey => rowKey[0] == ArtifactVersionKeys.RecordLetters[0],
        RowsOf = static one => ArtifactVersionKeys.RecordsOf(one.Home, one.Key),
        Partitions = ct => AuditedPartition.Of(storage.ArtifactVersions, ArtifactVersionKeys.AllPartitions, ct),
        Locate = (name, _) => Task.FromResult<AuditedObject?>(
            new(new AuditedPartition(storage.ArtifactVersions, ArtifactVersionKeys.Partition(name)), ArtifactVersionKeys.NameOf(name), ArtifactVersionKeys.Artifact(name))),
    };
}
