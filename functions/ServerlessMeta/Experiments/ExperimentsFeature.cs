using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Audit;
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
        services.AddSingleton(static provider => ExperimentsLive.SourceOf(provider.GetRequiredService<ExperimentStore>()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<StorageClients>()));
    }

    private static AuditSource SourceOf(StorageClients storage) => new()
    {
        Kind = "experiment",
        Letters = ExperimentKeys.Experiments.From[..1],
        Partitions = ct => AuditedPartition.Of(storage.Experiments, [ExperimentKeys.Partition], ct),
        Locate = (id, _) => Task.FromResult(ExperimentId.TryParse(id, null, out var experiment)
            ? new AuditedObject(new AuditedPartition(storage.Experiments, ExperimentKeys.Partition), ExperimentKeys.ObjectKey(experiment), ExperimentKeys.Experiment(experiment))
            : null),
    };
}
