using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Approvals;
using ServerlessMeta.Audit;
using ServerlessMeta.Environments;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.ModelCards;

/// <summary>Model cards, bills of materials and evidence packs of model versions.</summary>
public static class ModelCardsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new CardSectionStore(provider.GetRequiredService<ModelWriter>(), provider.GetRequiredService<ModelReader>()));
        services.AddSingleton(static provider => new JudgementReader(
            provider.GetRequiredService<EvaluationStore>(), provider.GetRequiredService<ApprovalStore>(), provider.GetRequiredService<DecisionReader>(), provider.GetRequiredService<PolicyStore>()));
        services.AddSingleton(static provider => new DossierReader(
            provider.GetRequiredService<ModelReader>(), provider.GetRequiredService<ModelOrigins>(), provider.GetRequiredService<JudgementReader>(), provider.GetRequiredService<CardSectionStore>(),
            provider.GetRequiredService<VersionFiles>(), provider.GetRequiredService<EnvironmentStore>(), provider.GetRequiredService<AuditExport>(),
            provider.GetServices<DriftOfVersion>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => ModelCardEndpoints.Map(routes);
}
