using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Monitoring;

/// <summary>Baselines, windows and labels of models and data, and what is computed of them.</summary>
public static class MonitoringFeature
{
    /// <summary>The kind of its objects in the audit.</summary>
    internal const string AuditKind = "monitoring";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<MonitoringTable>();
        services.AddSingleton<MonitoringContents>();
        services.AddSingleton<ResultReader>();
        services.AddSingleton<TargetStore>();
        services.AddSingleton<WindowStore>();
        services.AddSingleton<LabelStore>();
    }
}
