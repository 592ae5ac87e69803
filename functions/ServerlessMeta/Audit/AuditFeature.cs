using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessMeta.Audit;

/// <summary>The audit: each feature writes its own entries, and tells of its objects by an <see cref="AuditSource"/>.</summary>
public static class AuditFeature
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AuditSources>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditExtract>();
        services.AddSingleton<AuditSeals>();
        services.AddSingleton<AuditVerifier>();
    }

    public static void Map(IEndpointRouteBuilder routes) => AuditEndpoints.Map(routes);
}
