using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Audit;
using ServerlessMeta.Comments;
using ServerlessMeta.Environments;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Experiments;
using ServerlessMeta.Live;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Manifests;
using ServerlessMeta.Messages;
using ServerlessMeta.Metrics;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Previews;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Search;
using ServerlessMeta.Triggers;
using ServerlessMeta.Webhooks;
using ServerlessMeta.Verifications;
using ServerlessMeta.Views;

namespace ServerlessMeta.StorageTests;

/// <summary>One instance of the store; several over one prefix are several instances over the same storage.</summary>
public sealed class Instance : IAsyncDisposable
{
    public static readonly RunWords Words = new(static status => status.ToString(), static run => $"{run.ArtifactRoot}/{run.Id}", "context");

    public static readonly EnvironmentWords EnvironmentWords = new() { Commit = ["commit"], Remote = ["remote"], Diff = ["diff"], Image = ["image"], EntryPoint = ["entry"], LongestValue = 100 };

    public static readonly ModelWords ModelWords = new("prompt", "text");

    private readonly ServiceProvider services;

    private readonly bool isFirst;

    private Instance(ServiceProvider services, string connection, string prefix, bool isFirst) => (this.services, Connection, Prefix, this.isFirst) = (services, connection, prefix, isFirst);

    public string Connection { get; }

    public string Prefix { get; }

    internal IEnumerable<AuditSource> AuditSources => services.GetServices<AuditSource>();

    public CommentStore Comments => services.GetRequiredService<CommentStore>();

    public ViewStore Views => services.GetRequiredService<ViewStore>();

    internal FeedReader Feed => services.GetRequiredService<FeedReader>();

    public TokenStore Tokens => services.GetRequiredService<TokenStore>();

    public ExperimentStore Experiments => services.GetRequiredService<ExperimentStore>();

    public RunStore Runs => services.GetRequiredService<RunStore>();

    public LoggedModelStore Models => services.GetRequiredService<LoggedModelStore>();

    public ModelStore Registry => services.GetRequiredService<ModelStore>();

    public ModelVersionStore ModelVersions => services.GetRequiredService<ModelVersionStore>();

    public ModelAliasStore Aliases => services.GetRequiredService<ModelAliasStore>();

    public EvaluationStore Evaluations => services.GetRequiredService<EvaluationStore>();

    public VerificationStore Verifications => services.GetRequiredService<VerificationStore>();

    public ApprovalStore Approvals => services.GetRequiredService<ApprovalStore>();

    public PolicyStore Policies => services.GetRequiredService<PolicyStore>();

    public GateStore Gates => services.GetRequiredService<GateStore>();

    public DecisionReader Decisions => services.GetRequiredService<DecisionReader>();

    public RegistrySearch RegistrySearch => services.GetRequiredService<RegistrySearch>();

    public ModelOrigins Origins => services.GetRequiredService<ModelOrigins>();

    internal ModelOutbox ModelOutbox => services.GetRequiredService<ModelOutbox>();

    public ModelHistory ModelHistory => services.GetRequiredService<ModelHistory>();

    public ModelTags ModelTags => services.GetRequiredService<ModelTags>();

    public ModelLog ModelLog => services.GetRequiredService<ModelLog>();

    public LoggedModelSearch ModelSearch => services.GetRequiredService<LoggedModelSearch>();

    public MetricHistory History => services.GetRequiredService<MetricHistory>();

    public RunSearch Search => services.GetRequiredService<RunSearch>();

    public ExperimentSearch ExperimentSearch => services.GetRequiredService<ExperimentSearch>();

    public ArtifactVersionStore Versions => services.GetRequiredService<ArtifactVersionStore>();

    public ArtifactVersionReader VersionReader => services.GetRequiredService<ArtifactVersionReader>();

    public DatasetLineage Lineage => services.GetRequiredService<DatasetLineage>();

    public EnvironmentStore Environments => services.GetRequiredService<EnvironmentStore>();

    public RebuildReader Rebuild => services.GetRequiredService<RebuildReader>();

    public ReceiptTrim Receipts => services.GetRequiredService<ReceiptTrim>();

    public RunAnomalies Anomalies => services.GetRequiredService<RunAnomalies>();

    public RunUpkeep Upkeep => services.GetRequiredService<RunUpkeep>();

    public Outbox Outbox => services.GetRequiredService<Outbox>();

    public ArtifactStore Artifacts => services.GetRequiredService<ArtifactStore>();

    public DirectUploads DirectUploads => services.GetRequiredService<DirectUploads>();

    public ContentVerifier Verifier => services.GetRequiredService<ContentVerifier>();

    public ManifestStore Manifests => services.GetRequiredService<ManifestStore>();

    internal PreviewedFiles PreviewedFiles => services.GetRequiredService<PreviewedFiles>();

    public PreviewStore Previews => services.GetRequiredService<PreviewStore>();

    public ContentSweep Sweep => services.GetRequiredService<ContentSweep>();

    public StagedUpkeep StagedUpkeep => services.GetRequiredService<StagedUpkeep>();

    internal AuditReader Audit => services.GetRequiredService<AuditReader>();

    internal AuditSealer AuditSealer => services.GetRequiredService<AuditSealer>();

    internal AuditExport AuditExport => services.GetRequiredService<AuditExport>();

    internal AuditVerifier AuditVerifier => services.GetRequiredService<AuditVerifier>();

    internal ModelWriter ModelWriter => services.GetRequiredService<ModelWriter>();

    public WebhookStore Webhooks => services.GetRequiredService<WebhookStore>();

    internal DeliveryStore Deliveries => services.GetRequiredService<DeliveryStore>();

    public WebhookDispatcher Dispatcher => services.GetRequiredService<WebhookDispatcher>();

    public RuleStore Rules => services.GetRequiredService<RuleStore>();

    public TriggerStore Triggers => services.GetRequiredService<TriggerStore>();

    public DryRun DryRun => services.GetRequiredService<DryRun>();

    public RuleTimer RuleTimer => services.GetRequiredService<RuleTimer>();

    public TriggerDispatcher TriggerDispatcher => services.GetRequiredService<TriggerDispatcher>();

    internal RuleEvaluation RuleEvaluation => services.GetRequiredService<RuleEvaluation>();

    internal TriggerReader TriggerReader => services.GetRequiredService<TriggerReader>();

    internal TriggerTable TriggerTable => services.GetRequiredService<TriggerTable>();
    internal TargetStore Watching => services.GetRequiredService<TargetStore>();

    internal BaselineIntake BaselineIntake => services.GetRequiredService<BaselineIntake>();

    internal WindowIntake WindowIntake => services.GetRequiredService<WindowIntake>();

    internal LabelIntake LabelIntake => services.GetRequiredService<LabelIntake>();

    internal WindowStore Windows => services.GetRequiredService<WindowStore>();

    internal LabelStore Labels => services.GetRequiredService<LabelStore>();

    internal ResultReader Results => services.GetRequiredService<ResultReader>();

    internal ResultHistory ResultHistory => services.GetRequiredService<ResultHistory>();

    internal MonitorList Monitors => services.GetRequiredService<MonitorList>();

    internal TargetPass TargetPass => services.GetRequiredService<TargetPass>();

    internal ChangeReader Changes => services.GetRequiredService<ChangeReader>();

    internal MonitoringContents MonitoringContents => services.GetRequiredService<MonitoringContents>();

    internal DriftSummary DriftSummary => services.GetRequiredService<DriftSummary>();

    public DriftTimer DriftTimer => services.GetRequiredService<DriftTimer>();

    public LiveReader Live => services.GetRequiredService<LiveReader>();

    public TimeProvider Time => services.GetRequiredService<TimeProvider>();

    public StorageClients Storage => services.GetRequiredService<StorageClients>();

    public TableClient Table => Storage.Runs;

    public static async Task<Instance> StartAsync(string connection, string? prefix = null, TimeProvider? time = null, HttpPipelinePolicy? faults = null, Action<IServiceCollection>? add = null, params (string Key, string Value)[] settings)
    {
        var isNew = prefix is null;
        prefix ??= "t" + WriteId.New();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = connection,
            ["Storage:TablePrefix"] = prefix,
            ["Upkeep:QuietMinutes"] = "0",
        }).AddInMemoryCollection(settings.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(time ?? TimeProvider.System);
        StorageFeature.Add(collection, configuration);
        ExperimentsFeature.Add(collection, configuration);
        RunsFeature.Add(collection, configuration);
        RunWatchFeature.Add(collection, configuration);
        EnvironmentsFeature.Add(collection, configuration, EnvironmentWords);
        LoggedModelsFeature.Add(collection);
        SearchFeature.Add(collection, configuration);
        ArtifactsFeature.Add(collection, configuration, "store");
        ArtifactVersionsFeature.Add(collection, new DatasetWords("context"));
        ReproductionFeature.Add(collection);
        ManifestsFeature.Add(collection);
        PreviewsFeature.Add(collection);
        AccessFeature.Add(collection);
        AuditFeature.Add(collection, configuration);
        WebhooksFeature.Add(collection, configuration, new WebhookWords("Signature", "Timestamp", "Delivery"));
        ModelsFeature.Add(collection, configuration, ModelWords);
        EvaluationsFeature.Add(collection);
        VerificationsFeature.Add(collection);
        ApprovalsFeature.Add(collection);
        PoliciesFeature.Add(collection);
        ModelCardsFeature.Add(collection);
        CommentsFeature.Add(collection);
        ViewsFeature.Add(collection);
        TriggersFeature.Add(collection, configuration);
        MonitoringFeature.Add(collection);
        MessagesFeature.Add(collection, configuration);
        LiveFeature.Add(collection, configuration);
        if (faults is not null)
        {
            collection.AddSingleton(provider => new StorageClients(provider.GetRequiredService<IOptions<StorageOptions>>(), [faults]));
        }
        add?.Invoke(collection);
        var provided = collection.BuildServiceProvider();
        if (isNew)
        {
            await provided.GetRequiredService<StorageClients>().EnsureAsync(CancellationToken.None);
        }
        return new Instance(provided, connection, prefix, isNew);
    }

    /// <summary>Another instance over the same storage.</summary>
    public Task<Instance> AnotherAsync(HttpPipelinePolicy? faults = null, params (string Key, string Value)[] settings) => StartAsync(Connection, Prefix, null, faults, null, settings);

    public async Task<RunId> CreateRunAsync(ExperimentId experiment = default, string name = "run")
    {
        await Experiments.FindAsync(experiment, CancellationToken.None);
        var run = await Runs.CreateAsync(new NewRun(experiment, name, "someone", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), []), CancellationToken.None);
        return run.Value.Info.Id;
    }

    /// <summary>What an action costs, in storage operations.</summary>
    public static async Task<long> CountAsync(Func<Task> action)
    {
        using var scope = StorageMeter.Begin();
        await action();
        return scope.Tally.TableOperations + scope.Tally.BlobOperations;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (isFirst)
        {
            await TestStorage.DeleteAsync(Connection, Prefix);
        }
    }
}
