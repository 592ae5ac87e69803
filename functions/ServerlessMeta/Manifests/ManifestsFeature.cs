using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Manifests;

public static class ManifestsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ManifestBuilder>();
        services.AddSingleton(static provider => new ManifestStore(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ManifestBuilder>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => ManifestEndpoints.Map(routes);
}
