using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Audit;
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
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ExperimentStore>()));
    }

    private static AuditSource SourceOf(StorageClients storage, ExperimentStore experiments) => new()
    {
        Kind = "logged-model",
        Letters = LoggedModelKeys.Models.From[..1],
        Columns = [.. LoggedModelRow.ColumnsOf(parameters: true, tags: true, metrics: false), .. AuditHead.Columns],
        Digest = LoggedModelRow.DigestOf,
        Partitions = ct => RunPartitions.OfAllAsync(storage.LoggedModels, experiments, ct),
        Locate = (id, _) => Task.FromResult(LoggedModelId.TryParse(id, null, out var model) && model != default
            ? new AuditedObject(new AuditedPartition(storage.LoggedModels, LoggedModelKeys.Partition(model)), model.ToString(), LoggedModelKeys.Model(model))
            : null),
    };
}
