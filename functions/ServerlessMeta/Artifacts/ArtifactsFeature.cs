using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>Files: their bytes by content, their paths, uploads and downloads past this store, and the upkeep of it all.</summary>
public static class ArtifactsFeature
{
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
    }
}
