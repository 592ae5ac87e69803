using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Previews;

public static class PreviewsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PreviewMaker>();
        services.AddSingleton<PreviewedFiles>();
        services.AddSingleton(static provider => new PreviewStore(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ArtifactStore>(), provider.GetRequiredService<PreviewMaker>()));
        services.AddSingleton<FileStored>(static provider => (file, ct) => provider.GetRequiredService<PreviewStore>().MakeAtUploadAsync(file, ct));
    }

    public static void Map(IEndpointRouteBuilder routes) => PreviewEndpoints.Map(routes);
}
