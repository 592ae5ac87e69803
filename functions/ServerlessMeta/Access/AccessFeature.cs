using System.Runtime.CompilerServices;
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
        Partitions = ct => Only(tokens.Audited, ct),
        Locate = tokens.LocateAsync,
        ObjectOf = static rowKey => TokenKeys.IsToken(rowKey) ? TokenKeys.IdOf(rowKey) : null,
        IsHome = TokenKeys.IsToken,
    };

    private static async IAsyncEnumerable<AuditedPartition> Only(AuditedPartition partition, [EnumeratorCancellation] CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        yield return partition;
    }
}
