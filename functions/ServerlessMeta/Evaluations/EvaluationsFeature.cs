using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Models;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Evaluations;

/// <summary>How model versions were judged, and how they compare.</summary>
public static class EvaluationsFeature
{
    public static void Add(IServiceCollection services) => services.AddSingleton(static provider => new EvaluationStore(
        provider.GetRequiredService<ModelWriter>(),
        provider.GetRequiredService<ModelReader>(),
        provider.GetRequiredService<ModelRecords>(),
        provider.GetRequiredService<RunReader>()));

    public static void Map(IEndpointRouteBuilder routes) => EvaluationEndpoints.Map(routes);
}
