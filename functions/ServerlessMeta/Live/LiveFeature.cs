using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Live;

/// <summary>What changes, told to whoever follows it. Features say by a <see cref="LiveSource"/> what can be followed.</summary>
public static class LiveFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LiveOptions>().Bind(configuration.GetSection(LiveOptions.Section));
        services.AddSingleton(static provider => new LiveReader(provider.GetServices<LiveSource>()));
        services.AddSingleton<LiveStream>();
    }

    public static void Map(IEndpointRouteBuilder routes) => LiveEndpoints.Map(routes);
}
