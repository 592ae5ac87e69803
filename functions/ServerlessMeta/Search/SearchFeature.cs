using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

public static class SearchFeature
{
    /// <param name="routes">Get the endpoints.</param>
    /// <param name="runs">How queries over runs are written.</param>
    public static void Map(IEndpointRouteBuilder routes, RunGrammar runs) => new RunExportEndpoint(runs).Map(routes);

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<SearchOptions, SearchOptionsValidator>().Bind(configuration.GetSection(SearchOptions.Section));
        services.AddSingleton<ExperimentSearch>();
        services.AddSingleton<IndexBlobs>();
        services.AddSingleton(static provider => new RunSearch(
            provider.GetRequiredService<ExperimentReader>(),
            provider.GetRequiredService<InputBlobs>(),
            provider.GetRequiredService<RunReader>(),
            provider.GetRequiredService<IndexBlobs>(),
            provider.GetRequiredService<EnvironmentCatalog>(),
            provider.GetRequiredService<IOptions<SearchOptions>>()));
        services.AddSingleton<RunTables>();
        services.AddSingleton(static provider => SearchLive.SourceOf(provider.GetRequiredService<RunSearch>()));
        services.AddSingleton(static provider => SearchLive.SourceOf(provider.GetRequiredService<RunSearch>(), provider.GetRequiredService<ExperimentStore>()));
    }
}
