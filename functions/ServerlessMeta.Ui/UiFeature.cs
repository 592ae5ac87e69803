using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Ui.Assets;
using ServerlessMeta.Ui.Compare;
using ServerlessMeta.Ui.Experiments;
using ServerlessMeta.Ui.Home;
using ServerlessMeta.Ui.Models;
using ServerlessMeta.Ui.RunDetails;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui;

/// <summary>The pages of the store.</summary>
public static class UiFeature
{
    public static void Add(IServiceCollection services, UiWords words)
    {
        services.AddSingleton(words);
        services.AddSingleton<VersionBriefs>();
        services.AddSingleton<VersionRecords>();
        services.AddSingleton<VersionReader>();
        services.AddSingleton<WatchReader>();
        services.AddResponseCompression(static compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        });
        AddRuns(services);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        AssetEndpoints.Map(routes);
        var pages = routes.MapGroup("").AddEndpointFilter<RouteGroupBuilder, PageHeaders>().ExcludeFromDescription();
        HomePages.Map(pages);
        ExperimentPages.Map(pages);
        RunPages.Map(pages);
        ComparePages.Map(pages);
        ModelPages.Map(pages);
        RegisterPages.Map(pages);
        VersionPages.Map(pages);
    }

    private static void AddRuns(IServiceCollection services)
    {
        services.AddSingleton<IRunTab, SummaryTab>();
        services.AddSingleton<IRunTab, MetricsTab>();
        services.AddSingleton<IRunTab, ArtifactsTab>();
        services.AddSingleton<IRunTab, InputsTab>();
        services.AddSingleton<IRunTab, EnvironmentTab>();
        services.AddSingleton<IRunTab, AnomaliesTab>();
        services.AddSingleton<IRunTab, CommentsTab>();
        services.AddSingleton<IRunTab, AuditTab>();
        services.AddSingleton<RunSides>();
        services.AddSingleton<VersionSides>();
        services.AddSingleton<VersionRuns>();
    }
}
