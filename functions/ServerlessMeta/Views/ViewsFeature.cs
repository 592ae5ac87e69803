using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Views;

/// <summary>What people saved of the tables of experiments' runs, for themselves or for everyone.</summary>
public static class ViewsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new ViewStore(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<ViewStore>()));
    }

    /// <param name="routes">Get the endpoints.</param>
    /// <param name="runs">How queries over runs are written.</param>
    public static void Map(IEndpointRouteBuilder routes, RunGrammar runs) => new ViewEndpoints(runs).Map(routes);

    private static AuditSource SourceOf(ViewStore views) => new()
    {
        Kind = "views",
        IsAlwaysAudited = true,
        Letters = ViewKeys.RecordLetters,
        Partitions = ct => AuditedPartition.Of(views.Audited.Table, [views.Audited.Partition], ct),
        Locate = (name, _) => Task.FromResult(views.Locate(name)),
    };
}
