using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Access;

/// <summary>Who calls, by API tokens among others, and which role each endpoint asks for.</summary>
public static class AccessFeature
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new TokenStore(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<TokenStore>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => TokenEndpoints.Map(routes);

    private static AuditSource SourceOf(TokenStore tokens) => new()
    {
        Kind = "token",
        IsAlwaysAudited = true,
        Letters = TokenKeys.RecordLetters,
        Partitions = ct => AuditedPartition.Of(tokens.Audited.Table, [tokens.Audited.Partition], ct),
        Locate = (id, _) => Task.FromResult(tokens.Locate(id)),
    };
}
