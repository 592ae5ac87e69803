using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Comments;

/// <summary>What people say of experiments, runs, models and versions, and whom they mention.</summary>
public static class CommentsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(static provider => new CommentStore(provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new CommentSubjects(
            provider.GetRequiredService<ExperimentStore>(), provider.GetRequiredService<RunReader>(), provider.GetRequiredService<ModelReader>()));
        services.AddSingleton(static provider => new FeedReader(provider.GetRequiredService<CommentStore>(), provider.GetRequiredService<AuditReader>()));
        services.AddSingleton(static provider => SourceOf(provider.GetRequiredService<CommentStore>()));
    }

    public static void Map(IEndpointRouteBuilder routes) => CommentEndpoints.Map(routes);

    private static AuditSource SourceOf(CommentStore comments) => new()
    {
        Kind = "comments",
        IsAlwaysAudited = true,
        Letters = CommentKeys.RecordLetters,
        Partitions = ct => AuditedPartition.Of(comments.Audited.Table, [comments.Audited.Partition], ct),
        Locate = (name, _) => Task.FromResult(comments.Locate(name)),
    };
}
