using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.RunWatch;

/// <summary>Watches the metrics of training runs as they are logged. The runs' own writes carry it; see <see cref="RunWatcher"/>.</summary>
public static class RunWatchFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RunWatchOptions>().Bind(configuration.GetSection(RunWatchOptions.Section));
        services.AddSingleton(static provider => new RunAnomalies(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ExperimentReader>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => RunAnomalyEndpoints.Map(routes);
}
