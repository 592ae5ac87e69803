using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>The environments that runs ran in.</summary>
public static class EnvironmentsFeature
{
    /// <param name="services">To which the feature is added.</param>
    /// <param name="configuration">From which its options are read.</param>
    /// <param name="words">The tags by which a dialect's clients name code and image.</param>
    public static void Add(IServiceCollection services, IConfiguration configuration, EnvironmentWords words)
    {
        services.AddOptionsWithValidateOnStart<EnvironmentsOptions, EnvironmentsOptionsValidator>().Bind(configuration.GetSection(EnvironmentsOptions.Section));
        services.AddSingleton(words);
        services.AddSingleton<EnvironmentBlobs>();
        services.AddSingleton<EnvironmentCatalog>();
        services.AddSingleton(static provider => new EnvironmentStore(
            provider.GetRequiredService<RunStore>(),
            provider.GetRequiredService<RunReader>(),
            provider.GetRequiredService<EnvironmentBlobs>(),
            provider.GetRequiredService<EnvironmentCatalog>(),
            provider.GetRequiredService<EnvironmentWords>()));
        services.AddSingleton<UploadedEnvironments>();
        services.AddSingleton<FileStored>(static provider => provider.GetRequiredService<UploadedEnvironments>().TakeAsync);
    }

    public static void Map(IEndpointRouteBuilder routes) => EnvironmentEndpoints.Map(routes);
}
