using Microsoft.Extensions.DependencyInjection;
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
    }
}
