using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Ui.Assets;
using ServerlessMeta.Ui.Audit;
using ServerlessMeta.Ui.Compare;
using ServerlessMeta.Ui.Data;
using ServerlessMeta.Ui.Docs;
using ServerlessMeta.Ui.ExperimentRuns;
using ServerlessMeta.Ui.Experiments;
using ServerlessMeta.Ui.Finding;
using ServerlessMeta.Ui.Home;
using ServerlessMeta.Ui.Models;
using ServerlessMeta.Ui.Monitoring;
using ServerlessMeta.Ui.Queues;
using ServerlessMeta.Ui.RunDetails;
using ServerlessMeta.Ui.Shell;
using ServerlessMeta.Ui.SignIn;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Ui;

/// <summary>The pages of the store.</summary>
public static class UiFeature
{
    public static void Add(IServiceCollection services, UiWords words)
    {
        services.AddSingleton(words);
        services.AddSingleton<HomeReader>();
        services.AddSingleton<DataReader>();
        services.AddSingleton<StoreSearch>();
        RunPages.Add(services);
        ComparePages.Add(services);
        ModelPages.Add(services);
        MonitoringPages.Add(services);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        AssetEndpoints.Map(routes);
        var pages = routes.MapGroup("").AddEndpointFilter<RouteGroupBuilder, PageHeaders>().ExcludeFromDescription();
        HomePages.Map(pages);
        SignInPages.Map(pages);
        DataPages.Map(pages);
        SearchPages.Map(pages);
        ExperimentPages.Map(pages);
        ExperimentRunPages.Map(pages);
        RunPages.Map(pages);
        ComparePages.Map(pages);
        ModelPages.Map(pages);
        RegisterPages.Map(pages);
        VersionPages.Map(pages);
        MonitoringPages.Map(pages);
        TriggerPages.Map(pages);
        RulePages.Map(pages);
        AuditPages.Map(pages);
        QueuePages.Map(pages);
        DocsPages.Map(pages);
    }
}
