using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Audit;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;

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
        services.AddSingleton<ProfileCache>();
        services.AddSingleton<WindowContent>();
        services.AddSingleton<WindowsBefore>();
        services.AddSingleton<WindowComputer>();
        services.AddSingleton<TargetPass>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<ResultHistory>();
        services.AddSingleton<MonitorList>();
        services.AddSingleton<TargetList>();
        services.AddSingleton<RowIntake>();
        services.AddSingleton<DatasetFiles>();
        services.AddSingleton<BaselineIntake>();
        services.AddSingleton<WindowIntake>();
        services.AddSingleton<LabelIntake>();
        services.AddSingleton<MonitoringTargets>();
        services.AddSingleton(static provider => new DriftTimer(
            provider.GetRequiredService<MonitoringTable>(), provider.GetRequiredService<ChangeReader>(), provider.GetRequiredService<TargetPass>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DriftTimer>>()));
        services.AddSingleton<DriftSummary>();
        services.AddSingleton(static provider => MonitoringLive.SourceOf(provider.GetRequiredService<MonitoringTable>()));
        Listen(services);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        MonitoringEndpoints.Map(routes);
        WindowEndpoints.Map(routes);
        DriftEndpoints.Map(routes);
    }

    private static void Listen(IServiceCollection services)
    {
        services.AddSingleton(static provider => new ReceiptSource(provider.GetRequiredService<StorageClients>().Monitoring, static _ => MonitoringKeys.AllPartitions.ToAsyncEnumerable()));
        services.AddSingleton(static provider => AuditedBy(provider.GetRequiredService<MonitoringTable>()));
        services.AddSingleton<OpenDriftAlerts>(static provider =>
        {
            var history = provider.GetRequiredService<ResultHistory>();
            return (model, version, ct) => history.AlertsAsync(MonitorTarget.Of(model.Number, version), ct);
        });
        services.AddSingleton<DriftOfVersion>(static provider =>
        {
            var summary = provider.GetRequiredService<DriftSummary>();
            return (model, version, ct) => summary.OfVersionAsync(model, version, ct);
        });
    }

    private static AuditSource AuditedBy(MonitoringTable table) => new()
    {
        Kind = AuditKind,
        IsAlwaysAudited = true,
        Letters = MonitoringKeys.RecordLetters,
        Digest = TargetRow.DigestOf,
        Partitions = ct => AuditedPartition.Of(table.Client, MonitoringKeys.AllPartitions, ct),
        Locate = async (id, ct) => MonitoringKeys.IsTarget(id) && await table.FindAsync(MonitoringKeys.PartitionOf(id), MonitoringKeys.TargetOf(id), ct) is { } row
            ? new AuditedObject(new AuditedPartition(table.Client, row.PartitionKey), id, row.RowKey) : null,
    };
}
