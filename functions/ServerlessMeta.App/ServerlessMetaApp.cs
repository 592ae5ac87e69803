using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessMeta.Access;
using ServerlessMeta.App.Messages;
using ServerlessMeta.Approvals;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Audit;
using ServerlessMeta.Comments;
using ServerlessMeta.Environments;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Experiments;
using ServerlessMeta.Live;
using ServerlessMeta.Manifests;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Messages;
using ServerlessMeta.Mlflow;
using ServerlessMeta.Mlflow.Environments;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Ownership;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Previews;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Runs;
using ServerlessMeta.RunWatch;
using ServerlessMeta.Search;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui;
using ServerlessMeta.Webhooks;
using ServerlessMeta.Verifications;
using ServerlessMeta.Views;

namespace ServerlessMeta.App;

/// <summary>The whole store, whichever host serves it.</summary>
public static class ServerlessMetaApp
{
    private const string MonitorSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    // The host reads it too; here it says that Application Insights takes no telemetry without an identity.
    private const string MonitorIdentitySetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Adds every feature.</summary>
    /// <param name="tokenRequired">Whether requests need a token; only a host that is reached from its own machine alone may say no.</param>
    public static IServiceCollection AddServerlessMeta(this IServiceCollection services, IConfiguration configuration, bool tokenRequired = true)
    {
        StorageFeature.Add(services, configuration);
        ExperimentsFeature.Add(services, configuration);
        RunsFeature.Add(services, configuration);
        RunWatchFeature.Add(services, configuration);
        EnvironmentsFeature.Add(services, configuration, EnvironmentTags.Words);
        LoggedModelsFeature.Add(services);
        SearchFeature.Add(services, configuration);
        ArtifactsFeature.Add(services, configuration, MlflowEndpoints.ArtifactScheme);
        ArtifactVersionsFeature.Add(services, MlflowEndpoints.DatasetWords);
        ReproductionFeature.Add(services);
        ManifestsFeature.Add(services);
        PreviewsFeature.Add(services);
        AccessFeature.Add(services);
        AuditFeature.Add(services, configuration);
        WebhooksFeature.Add(services, configuration, MlflowEndpoints.WebhookWords);
        ModelsFeature.Add(services, configuration, MlflowEndpoints.ModelWords);
        EvaluationsFeature.Add(services);
        VerificationsFeature.Add(services);
        ApprovalsFeature.Add(services);
        PoliciesFeature.Add(services);
        ModelCardsFeature.Add(services);
        CommentsFeature.Add(services);
        ViewsFeature.Add(services);
        TriggersFeature.Add(services, configuration);
        MonitoringFeature.Add(services);
        MessagesFeature.Add(services, configuration);
        LiveFeature.Add(services, configuration);
        UiFeature.Add(services, new UiWords
        {
            Experiments = MlflowEndpoints.ExperimentFields,
            Runs = MlflowEndpoints.RunFields,
            RunWords = MlflowEndpoints.RunWords,
            NoteTag = WellKnownTags.Note,
            ParentTag = WellKnownTags.Parent,
            SourceTag = WellKnownTags.Source,
            CommitTag = WellKnownTags.Commit,
            RepositoryTag = WellKnownTags.Repository,
            HiddenTags = WellKnownTags.Prefix,
        });
        services.AddOptionsWithValidateOnStart<AccessOptions, AccessOptionsValidator>().Bind(configuration.GetSection(AccessOptions.Section));
        services.AddSingleton(new TokenRequirement(tokenRequired));
        services.AddSingleton<CallerResolver>();
        services.AddOptions<ObservabilityOptions>().Bind(configuration.GetSection(ObservabilityOptions.Section));
        services.AddSingleton<ServerlessMetaPipeline>();
        services.AddSingleton<TimerEntry>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<EventApplier>();
        services.AddSingleton(static provider => new MessageEntry(provider.GetRequiredService<EventApplier>(), provider.GetRequiredService<ILogger<MessageEntry>>()));
        services.AddResponseCompression(static compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = AnswerCompression.MediaTypes;
        });
        services.AddSingleton<IResponseCompressionProvider, AnswerCompression>();
        services.AddRouting();
        services.AddOpenApi("v1", static openApi => openApi.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info.Title = "ServerlessMeta";
            return Task.CompletedTask;
        }));
        if (configuration[MonitorSetting] is { Length: > 0 } monitor)
        {
            services.Configure<AzureMonitorExporterOptions>(options =>
            {
                options.ConnectionString = monitor;
                options.Credential = configuration[MonitorIdentitySetting] is { Length: > 0 } ? new DefaultAzureCredential() : null;
            });
            services.AddOpenTelemetry()
                .WithTracing(static tracing => tracing.AddSource(Telemetry.Name).AddAspNetCoreInstrumentation().AddAzureMonitorTraceExporter())
                .WithMetrics(static metrics => metrics.AddMeter(Telemetry.Name).AddAspNetCoreInstrumentation().AddAzureMonitorMetricExporter());
        }
        return services;
    }

    /// <summary>The pipeline: faults, timing, compression, who calls, which endpoint, whether the caller may, then the endpoint.</summary>
    public static IApplicationBuilder UseServerlessMeta(this IApplicationBuilder app)
    {
        app.Use(app.ApplicationServices.GetRequiredService<ServerlessMetaPipeline>().Compose());
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<ServerTimingMiddleware>();
        app.UseResponseCompression();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<ClimbingPathMiddleware>();
        app.UseStatusCodePages(static refused => refused.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status405MethodNotAllowed => Answers.NoEndpointAsync(refused.HttpContext, StatusCodes.Status405MethodNotAllowed),
            StatusCodes.Status415UnsupportedMediaType => Answers.WriteAsync(refused.HttpContext, StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "A body of application/json is expected."),
            _ => Task.CompletedTask,
        });
        app.UseRouting();
        app.UseMiddleware<RoleMiddleware>();
        app.UseEndpoints(static routes => routes.MapServerlessMeta());
        app.Run(static context => Answers.NoEndpointAsync(context, StatusCodes.Status404NotFound));
        return app;
    }

    /// <summary>Maps every feature's endpoints.</summary>
    public static void MapServerlessMeta(this IEndpointRouteBuilder routes)
    {
        UiFeature.Map(routes);
        SignInEndpoints.Map(routes);
        routes.MapOpenApi("/openapi/{documentName}.json");
        MlflowEndpoints.Map(routes);
        ArtifactVersionEndpoints.Map(routes);
        EnvironmentsFeature.Map(routes);
        ReproductionFeature.Map(routes);
        ArtifactsFeature.Map(routes);
        ManifestsFeature.Map(routes);
        PreviewsFeature.Map(routes);
        AccessFeature.Map(routes);
        AuditFeature.Map(routes);
        WebhooksFeature.Map(routes);
        EvaluationsFeature.Map(routes);
        VerificationsFeature.Map(routes);
        ApprovalsFeature.Map(routes);
        PoliciesFeature.Map(routes);
        ModelCardsFeature.Map(routes);
        CommentsFeature.Map(routes);
        TriggersFeature.Map(routes);
        MonitoringFeature.Map(routes);
        MessagesFeature.Map(routes);
        LiveFeature.Map(routes);
        EventEndpoints.Map(routes);
        OwnerEndpoints.Map(routes);
        RunWatchFeature.Map(routes);
        ModelsFeature.Map(routes);
        var runs = new RunGrammar(MlflowEndpoints.RunFields, MlflowEndpoints.RunWords);
        SearchFeature.Map(routes, runs);
        ViewsFeature.Map(routes, runs);
    }
}
