using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Monitoring;

/// <summary>Baselines, windows and labels of models and data, and what is computed of them.</summary>
public static class MonitoringFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<MonitoringTable>();
        services.AddSingleton<MonitoringContents>();
        services.AddSingleton<ResultReader>();
    }
}
