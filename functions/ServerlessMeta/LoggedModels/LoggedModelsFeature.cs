using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>Models that runs log, and the metrics that are theirs as well as a run's.</summary>
public static class LoggedModelsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new LoggedModelStore(
            provider.GetRequiredService<StorageClients>(),
            provider.GetRequiredService<ExperimentStore>(),
            provider.GetRequiredService<ExperimentReader>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ModelLog(provider.GetRequiredService<RunStore>(), provider.GetRequiredService<LoggedModelStore>()));
        services.AddSingleton(static provider => new LoggedModelSearch(provider.GetRequiredService<ExperimentReader>(), provider.GetRequiredService<LoggedModelStore>()));
    }
}
