using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Audit;
using ServerlessMeta.Environments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>The model registry.</summary>
public static class ModelsFeature
{
    private const string NumberPrefix = "number:";

    /// <param name="services">The composition.</param>
    /// <param name="configuration">The store's settings.</param>
    /// <param name="words">How the dialect's clients keep prompts.</param>
    public static void Add(IServiceCollection services, IConfiguration configuration, ModelWords words)
    {
        services.AddOptionsWithValidateOnStart<ModelsOptions, ModelsOptionsValidator>().Bind(configuration.GetSection(ModelsOptions.Section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(words);
        services.AddSingleton(static provider => new ModelReader(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => new ModelWriter(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ModelReader>(), provider.GetServices<ModelEventsCommitted>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ModelRecords(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => new ModelOutbox(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => new ReceiptSource(provider.GetRequiredService<StorageClients>().Models, static _ => AsyncEnumerable.ToAsyncEnumerable([ModelKeys.Partition])));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ModelReader>()));
        services.AddSingleton(static provider => ModelsLive.SourceOf(provider.GetRequiredService<StorageClients>()));
        services.AddSingleton(static provider => ModelsLive.SourceOf(provider.GetRequiredService<ModelReader>()));
        services.AddSingleton(static provider => new ModelMoves(provider.GetServices<MoveGuard>()));
        services.AddSingleton(static provider => new ModelEvents(provider.GetRequiredService<ModelWords>()));
        services.AddSingleton(static provider => new ModelTags(provider.GetRequiredService<ModelReader>()));
        services.AddSingleton(static provider => new ModelStore(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelMoves>(), provider.GetRequiredService<ModelEvents>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ModelOrigins(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<RunStore>(), provider.GetRequiredService<LoggedModelStore>(), provider.GetRequiredService<EnvironmentStore>(),
            provider.GetRequiredService<ArtifactVersionReader>(), provider.GetRequiredService<DatasetWords>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new ModelVersionStore(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelMoves>(), provider.GetRequiredService<ModelEvents>(),
            provider.GetRequiredService<ModelOrigins>()));
        services.AddSingleton(static provider => new ModelAliasStore(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelMoves>(), provider.GetRequiredService<ModelEvents>()));
        services.AddSingleton(static provider => new ModelHistory(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelWords>()));
        services.AddSingleton(static provider => new RegistryIndex(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<IOptions<ModelsOptions>>()));
        services.AddSingleton(static provider => new RegistrySearch(
            provider.GetRequiredService<RegistryIndex>(), provider.GetRequiredService<ModelTags>(), provider.GetRequiredService<ModelVersionStore>(), provider.GetRequiredService<ModelWords>()));
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        ModelEndpoints.Map(routes);
        ModelMoveEndpoints.Map(routes);
    }

    // Found by the name that a model has now, or by the number that it has for ever; number:7 is never a name.
    private static AuditSource SourceOf(StorageClients storage, ModelReader reader)
    {
        var partition = new AuditedPartition(storage.Models, ModelKeys.Partition);
        return new AuditSource
        {
            Kind = "model",
            IsAlwaysAudited = true,
            Letters = ModelKeys.RecordLetters,
            Partitions = ct => AuditedPartition.Of(storage.Models, [ModelKeys.Partition], ct),
            Locate = async (id, ct) =>
            {
                var digits = id.StartsWith(NumberPrefix, StringComparison.Ordinal) ? id[NumberPrefix.Length..] : id;
                var row = (digits == id ? await reader.FindHomeAsync(id, ct) : null)
                    ?? (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ModelKeys.MaxModel ? await reader.FindRowAsync(ModelKeys.Model(number), ct) : null);
                return row is null ? null : new AuditedObject(partition, ModelKeys.ObjectKey(ModelKeys.ModelOf(row.RowKey)), row.RowKey);
            },
        };
    }
}
