using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Artifacts;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Models;

namespace ServerlessMeta.Verifications;

/// <summary>What the files of versions are, and that they still are what was stored.</summary>
public static class VerificationsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new VersionFiles(
            provider.GetRequiredService<ArtifactStore>(), provider.GetRequiredService<ArtifactLocations>(), provider.GetRequiredService<LoggedModelStore>(), provider.GetRequiredService<ModelWords>()));
        services.AddSingleton(static provider => new VerificationStore(
            provider.GetRequiredService<ModelWriter>(),
            provider.GetRequiredService<ModelReader>(),
            provider.GetRequiredService<ModelRecords>(),
            provider.GetRequiredService<VersionFiles>(),
            provider.GetRequiredService<ContentVerifier>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => VerificationEndpoints.Map(routes);
}
