using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>The model registry.</summary>
public static class ModelsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new ModelReader(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => new ModelWriter(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ModelReader>(), provider.GetServices<ModelEventsCommitted>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ModelRecords(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => new ModelOutbox(provider.GetRequiredService<StorageClients>()));
    }
}
