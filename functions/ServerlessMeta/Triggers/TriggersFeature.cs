using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Messages;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Search;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Rules that ask for retraining, what they fire, and what comes of it.</summary>
public static class TriggersFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<TriggersOptions, TriggersOptionsValidator>().Bind(configuration.GetSection(TriggersOptions.Section));
        services.AddSingleton(static provider => new TriggerTable(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => TriggersLive.SourceOf(provider.GetRequiredService<TriggerTable>()));
        services.AddSingleton(static provider => new RuleTargets(provider.GetRequiredService<ModelHistory>(), provider.GetRequiredService<CountLabelled>(), provider.GetRequiredService<FindCompared>()));
        services.AddSingleton(static provider => new RuleStore(provider.GetRequiredService<TriggerTable>(), provider.GetRequiredService<RuleTargets>(), provider.GetRequiredService<WebhookStore>(), provider.GetRequiredService<ILogger<RuleStore>>()));
        services.AddSingleton(static provider => new TriggerStore(
            provider.GetRequiredService<TriggerTable>(), new TriggerWriter(provider.GetRequiredService<TriggerTable>()), provider.GetRequiredService<RunReader>(), provider.GetRequiredService<RuleTargets>()));
        services.AddSingleton(static provider => new TriggerReader(provider.GetRequiredService<TriggerStore>(), provider.GetRequiredService<RunStore>(), provider.GetRequiredService<DeliveryStore>()));
        services.AddSingleton(static provider => new RuleRunner(provider.GetRequiredService<TriggerTable>(), provider.GetRequiredService<IOptions<TriggersOptions>>().Value));
        services.AddSingleton(static provider => new TriggerDispatcher(
            provider.GetRequiredService<TriggerTable>(),
            provider.GetRequiredService<TriggerStore>(),
            provider.GetService<IMessageBus>,
            provider.GetRequiredService<WebhookStore>(),
            provider.GetRequiredService<DeliveryStore>(),
            provider.GetRequiredService<WebhookDispatcher>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TriggerDispatcher>>()));
        services.AddSingleton(static provider => new RuleEvaluation(
            provider.GetRequiredService<RuleStore>(),
            provider.GetRequiredService<RuleTargets>(),
            provider.GetRequiredService<RuleRunner>(),
            provider.GetRequiredService<TriggerStore>(),
            provider.GetRequiredService<TriggerDispatcher>(),
            provider.GetRequiredService<TriggerTable>(),
            provider.GetRequiredService<ILogger<RuleEvaluation>>()));
        services.AddSingleton(static provider => new DryRun(provider.GetRequiredService<RuleTargets>(), provider.GetRequiredService<ListResults>(), provider.GetRequiredService<TriggerTable>()));
        services.AddSingleton(static provider => new TriggerFollowUp(
            provider.GetRequiredService<TriggerStore>(),
            provider.GetRequiredService<RuleTargets>(),
            provider.GetRequiredService<ModelOrigins>(),
            provider.GetRequiredService<RunSearch>(),
            provider.GetRequiredService<EvaluationStore>(),
            provider.GetRequiredService<DirectionsOf>(),
            provider.GetRequiredService<ListResults>(),
            provider.GetRequiredService<TriggerTable>(),
            provider.GetRequiredService<ILogger<TriggerFollowUp>>()));
        services.AddSingleton(static provider => new RuleTimer(
            provider.GetRequiredService<RuleStore>(),
            provider.GetRequiredService<RuleTargets>(),
            provider.GetRequiredService<RuleRunner>(),
            provider.GetRequiredService<TriggerFollowUp>(),
            provider.GetRequiredService<TriggerDispatcher>(),
            provider.GetRequiredService<ListAnomalies>(),
            provider.GetRequiredService<TriggerTable>(),
            provider.GetRequiredService<ILogger<RuleTimer>>()));
        services.AddSingleton<ListAnomalies>(static provider => provider.GetRequiredService<RunAnomalies>().ListAsync);
        services.AddSingleton<ListResults>(static provider => provider.GetRequiredService<ResultReader>().ListAsync);
        services.AddSingleton<FindCompared>(static provider => async (target, ct) => (await provider.GetRequiredService<TargetStore>().FindAsync(target, ct))?.Options.Analysis.CompareWith);
        services.AddSingleton<CountLabelled>(static provider => provider.GetRequiredService<ResultReader>().CountLabelledSince);
        services.AddSingleton(static provider => new ReceiptSource(provider.GetRequiredService<StorageClients>().Rules, static _ => AsyncEnumerable.ToAsyncEnumerable([TriggerKeys.Partition])));
        services.AddSingleton<DeliveryGivenUp>(static provider => provider.GetRequiredService<TriggerStore>().MarkGivenUpAsync);
        services.AddSingleton<WindowEvaluated>(static provider => provider.GetRequiredService<RuleEvaluation>().EvaluateAsync);
        services.AddSingleton(static provider => provider.GetRequiredService<RuleStore>().Audited());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RuleEndpoints.Map(routes);
        TriggerEndpoints.Map(routes);
    }
}
