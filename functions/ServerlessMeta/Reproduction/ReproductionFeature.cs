using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Environments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Reproduction;

/// <summary>Runs, to be run again.</summary>
public static class ReproductionFeature
{
    public static void Add(IServiceCollection services) => services.AddSingleton(static provider => new RebuildReader(
        provider.GetRequiredService<RunStore>(),
        provider.GetRequiredService<EnvironmentStore>(),
        provider.GetRequiredService<ArtifactStore>(),
        provider.GetRequiredService<ArtifactLocations>()));

    public static void Map(IEndpointRouteBuilder routes) => ReproductionEndpoints.Map(routes);
}
