using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Ui.Assets;
using ServerlessMeta.Ui.Data;
using ServerlessMeta.Ui.Experiments;
using ServerlessMeta.Ui.Finding;
using ServerlessMeta.Ui.Home;
using ServerlessMeta.Ui.Shell;
using ServerlessMeta.Ui.SignIn;

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
        services.AddResponseCompression(static compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        });
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
    }
}
