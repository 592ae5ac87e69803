using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ServerlessMeta.Audit;

/// <summary>The audit: each feature writes its own entries, and tells of its objects by an <see cref="AuditSource"/>.</summary>
public static class AuditFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<AuditOptions, AuditOptionsValidator>().Bind(configuration.GetSection(AuditOptions.Section));
        services.AddSingleton<AuditSources>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditExtract>();
        services.AddSingleton<AuditSeals>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<AuditExport>();
        services.AddSingleton(static provider => new AuditSealer(
            provider.GetRequiredService<AuditSources>(), provider.GetRequiredService<AuditSeals>(), provider.GetRequiredService<IOptions<AuditOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => AuditEndpoints.Map(routes);
}
