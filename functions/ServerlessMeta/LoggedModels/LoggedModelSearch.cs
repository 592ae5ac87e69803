using System.Collections.Concurrent;
using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// Searches logged models by reading of those of the experiments what the query looks at, a thousand an operation, and keeping the places of the best so many: for each
/// experiment one operation for itself and one for each partition or thousand models. Then the models of the page are read whole, neighbours in one operation.
/// </summary>
public sealed class LoggedModelSearch
{
    private const int AtOnce = 16;

    /// <summary>A page ends early when its models have more points than this.</summary>
    private const int MostPoints = 100_000;

    // Models of a page that are read whole before their points are counted.
    private const int ReadTogether = 100;

    // Models that are read in vain rather than by another operation.
    private const int MostSkipped = 10;

    private readonly ExperimentReader experiments;
    private readonly LoggedModelStore models;

    internal LoggedModelSearch(ExperimentReader experiments, LoggedModelStore models) => (this.experiments, this.models) = (experiments, models);

    /// <summary>
    /// Models of the experiments that match; none that is deleted. Experiments that do not exist have no models. A page continues where the last model of the page
    /// before it stood then, wherever that model stands now.
    /// </summary>
    public async Task<Result<Paged<LoggedModel>>> SearchAsync(ImmutableArray<ExperimentId> within, LoggedModelQuery query, int max, string? pageToken, CancellationToken ct)
    {
        var fingerprint = $"models\n{string.Join(',', within)}\n{query.Fingerprint}";
        var token = PageToken.Read(fingerprint, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        var after = token.Value is { } last ? RankedModel.Read(last, query) : null;
        if (token.Value is not null && after is null)
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names no model");
        }
        var best = new BestModels(max + 1);
        await Parallel.ForEachAsync(within.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (experiment, stop) => await ScanAsync(experiment, query, after, best, stop));
        var ranked = best.InOrder();
        var (page, end) = await FillAsync([.. ranked.Take(max)], ct);
        return new Paged<LoggedModel>(page, end < ranked.Count ? PageToken.Write(fingerprint, ranked[end - 1].Write()) : null);
    }

    // At least one when there is one, and no more points than an answer should have. With the number of ranked models that the page is done with.
    private async Task<(ImmutableArray<LoggedModel> Page, int End)> FillAsync(IReadOnlyList<RankedModel> ranked, CancellationToken ct)
    {
        var page = ImmutableArray.CreateBuilder<LoggedModel>();
        var (points, end) = (0, 0);
        foreach (var slice in ranked.Chunk(ReadTogether))
        {
            var whole = await ReadAsync(slice, ct);
            foreach (var hit in slice)
            {
                // One that was deleted meanwhile is left out.
                if (whole.TryGetValue(hit.Id, out var model) && model.Stage is LifecycleStage.Active)
                {
                    points += model.Metrics.Length;
                    if (page.Count > 0 && points > MostPoints)
                    {
                        return (page.ToImmutable(), end);
                    }
                    page.Add(model);
                }
                end++;
            }
        }
        return (page.ToImmutable(), end);
    }

    private async Task<IReadOnlyDictionary<LoggedModelId, LoggedModel>> ReadAsync(RankedModel[] hits, CancellationToken ct)
    {
        var stretches = new List<(RankedModel First, RankedModel Last)>();
        foreach (var hit in hits.OrderBy(static hit => LoggedModelKeys.Partition(hit.Id), StringComparer.Ordinal).ThenBy(static hit => hit.Place))
        {
            if (stretches.Count > 0 && stretches[^1] is var (first, last) && LoggedModelKeys.Partition(first.Id) == LoggedModelKeys.Partition(hit.Id) && hit.Place - last.Place <= MostSkipped + 1)
            {
                stretches[^1] = (first, hit);
            }
            else
            {
                stretches.Add((hit, hit));
            }
        }
        var wanted = hits.Select(static hit => hit.Id).ToHashSet();
        var whole = new ConcurrentDictionary<LoggedModelId, LoggedModel>();
        await Parallel.ForEachAsync(stretches, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (stretch, stop) =>
        {
            await foreach (var model in models.ReadAsync(stretch.First.Id, stretch.Last.Id, wanted, stop))
            {
                whole[model.Id] = model;
            }
        });
        return whole;
    }

    private async Task ScanAsync(ExperimentId id, LoggedModelQuery query, RankedModel? after, BestModels best, CancellationToken ct)
    {
        if (await experiments.FindAsync(id, ct) is not { Stage: LifecycleStage.Active } experiment)
        {
            return;
        }
        var columns = ColumnsOf(query);
        for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
        {
            var place = -1;
            await foreach (var model in models.ListAsync(experiment, partition, columns, ct))
            {
                place++;
                if (Matches(model, query) && RankedModel.Of(model, query, place) is var hit && (after is null || RankedModel.BestFirst.Compare(hit, after) > 0))
                {
                    best.Offer(hit);
                }
            }
        }
    }

    private static string[] ColumnsOf(LoggedModelQuery query)
    {
        var kinds = query.Filter.Fields.Select(static field => field.Kind).Concat(query.Order.Select(static order => order.Field.Kind)).ToHashSet();
        return LoggedModelRow.ColumnsOf(kinds.Contains(FieldKind.Param), kinds.Contains(FieldKind.Tag), kinds.Contains(FieldKind.Metric) || !query.Datasets.IsEmpty);
    }

    private static bool Matches(LoggedModel model, LoggedModelQuery query) =>
        model.Stage is LifecycleStage.Active
        && (query.Datasets.IsEmpty || query.Filter.Fields.Any(static field => field.Kind is FieldKind.Metric) || model.Metrics.Any(metric => ModelFields.IsOn(metric, query.Datasets)))
        && query.Filter.Matches(new LoggedModelHit(model, query));
}
