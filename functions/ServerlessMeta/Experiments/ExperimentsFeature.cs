using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Experiments;

public static class ExperimentsFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<ExperimentsOptions, ExperimentsOptionsValidator>().Bind(configuration.GetSection(ExperimentsOptions.Section));
        services.AddSingleton<ExperimentReader>();
        services.AddSingleton<ExperimentStore>();
        services.AddSingleton(static provider => new Outbox(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<RunMarker>(), provider.GetRequiredService<ILogger<Outbox>>()));
    }
}
