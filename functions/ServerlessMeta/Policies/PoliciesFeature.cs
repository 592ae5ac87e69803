using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Policies;

/// <summary>What models are held to: policies, the gates they put before aliases and stages, and what was decided there.</summary>
public static class PoliciesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new PolicyStore(provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelRecords>()));
        services.AddSingleton(static provider => new DecisionReader(provider.GetRequiredService<ModelRecords>()));
        services.AddSingleton(static provider => new VersionEvidence(
            provider.GetRequiredService<VersionFiles>(), provider.GetRequiredService<VerificationStore>(), provider.GetRequiredService<RebuildReader>(), provider.GetServices<OpenDriftAlerts>()));
        services.AddSingleton(static provider => new GateReader(
            provider.GetRequiredService<EvaluationStore>(), provider.GetRequiredService<ApprovalStore>(), provider.GetRequiredService<VersionEvidence>(), provider.GetRequiredService<DecisionReader>()));
        services.AddSingleton(static provider => new GateStore(
            provider.GetRequiredService<PolicyStore>(),
            provider.GetRequiredService<ModelReader>(),
            provider.GetRequiredService<GateReader>(),
            provider.GetRequiredService<DecisionReader>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new PolicyGuard(provider.GetRequiredService<PolicyStore>(), provider.GetRequiredService<GateReader>()));
        services.AddSingleton<MoveGuard>(static provider => provider.GetRequiredService<PolicyGuard>().CheckAsync);
        services.AddSingleton<ApprovalRule>(static provider => provider.GetRequiredService<PolicyStore>().RefuseAsync);
        services.AddSingleton<DirectionsOf>(static provider => provider.GetRequiredService<PolicyStore>().DirectionsAsync);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        PolicyEndpoints.Map(routes);
        GateEndpoints.Map(routes);
    }
}
