using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Models;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Approvals;

/// <summary>What people say of model versions.</summary>
public static class ApprovalsFeature
{
    public static void Add(IServiceCollection services) => services.AddSingleton(static provider => new ApprovalStore(
        provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelRecords>(), provider.GetRequiredService<VersionFiles>(), provider.GetServices<ApprovalRule>()));

    public static void Map(IEndpointRouteBuilder routes) => ApprovalEndpoints.Map(routes);
}
