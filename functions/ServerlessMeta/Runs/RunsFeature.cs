using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>Runs, the metrics and datasets they log, and their upkeep.</summary>
public static class RunsFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<RunsOptions, RunsOptionsValidator>().Bind(configuration.GetSection(RunsOptions.Section));
        services.AddOptionsWithValidateOnStart<UpkeepOptions, UpkeepOptionsValidator>().Bind(configuration.GetSection(UpkeepOptions.Section));
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunWriter>();
        services.AddSingleton<RunMarker>();
        services.AddSingleton<InputBlobs>();
        services.AddSingleton(static provider => new RunStore(
            provider.GetRequiredService<StorageClients>(),
            provider.GetRequiredService<ExperimentStore>(),
            provider.GetRequiredService<ExperimentReader>(),
            provider.GetRequiredService<InputBlobs>(),
            provider.GetRequiredService<RunReader>(),
            provider.GetRequiredService<RunWriter>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new MetricHistory(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<RunReader>()));
        services.AddSingleton(static provider => new RunUpkeep(
            provider.GetRequiredService<StorageClients>(),
            provider.GetRequiredService<ExperimentStore>(),
            provider.GetRequiredService<RunReader>(),
            provider.GetRequiredService<IOptions<UpkeepOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetServices<BeforeCooling>()));
        services.AddSingleton(static provider => RunsLive.SourceOf(provider.GetRequiredService<RunReader>()));
        services.AddSingleton(static provider => ReceiptsOf(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ExperimentStore>()));
        services.AddSingleton(static provider => RunEvidence.SourceOf(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ExperimentStore>(), provider.GetRequiredService<RunReader>()));
    }

    private static ReceiptSource ReceiptsOf(StorageClients storage, ExperimentStore experiments) =>
        new(storage.Runs, ct => RunPartitions.OfAllAsync(storage.Runs, experiments, ct).Select(static one => one.Partition));
}
