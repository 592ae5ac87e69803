using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// Searches logged models by reading those of the experiments, a thousand an operation, and keeping the best so many: for each experiment one operation for itself
/// and one for each partition or thousand models; a further page one more.
/// </summary>
public sealed class LoggedModelSearch
{
    private const int Parallel = 16;

    /// <summary>A page ends early when its models have more points than this.</summary>
    private const int MostPoints = 100_000;

    private readonly ExperimentReader experiments;
    private readonly LoggedModelStore models;

    internal LoggedModelSearch(ExperimentReader experiments, LoggedModelStore models) => (this.experiments, this.models) = (experiments, models);

    /// <summary>
    /// Models of the experiments that match; none that is deleted. Experiments that do not exist have no models. A page continues behind the last model of the
    /// page before it, wherever that model then stands.
    /// </summary>
    public async Task<Result<Paged<LoggedModel>>> SearchAsync(ImmutableArray<ExperimentId> within, LoggedModelQuery query, int max, string? pageToken, CancellationToken ct)
    {
        var fingerprint = $"models\n{string.Join(',', within)}\n{query.Fingerprint}";
        var token = PageToken.Read(fingerprint, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        RankedModel? after = null;
        if (token.Value is { } last)
        {
            if (!LoggedModelId.TryParse(last, CultureInfo.InvariantCulture, out var id) || await models.FindAsync(id, ct) is not { } found)
            {
                return new Failure.Invalid("page_token", "Invalid page token, it names no model");
            }
            after = new RankedModel(found, query);
        }
        using var side = new SemaphoreSlim(Parallel);
        var best = (await Task.WhenAll(within.Distinct().Select(async experiment =>
        {
            await side.WaitAsync(ct);
            try
            {
                return await ScanAsync(experiment, query, max + 1, after, ct);
            }
            finally
            {
                side.Release();
            }
        }))).SelectMany(static hits => hits).Order(RankedModel.BestFirst).Take(max + 1).ToList();
        var page = Fill(best.Take(max));
        return new Paged<LoggedModel>(page, best.Count > page.Length ? PageToken.Write(fingerprint, page[^1].Id.ToString()) : null);
    }

    // At least one, and no more points than an answer should have.
    private static ImmutableArray<LoggedModel> Fill(IEnumerable<RankedModel> hits)
    {
        var page = ImmutableArray.CreateBuilder<LoggedModel>();
        var points = 0;
        foreach (var model in hits.Select(static hit => hit.Model))
        {
            points += model.Metrics.Length;
            if (points > MostPoints && page.Count > 0)
            {
                break;
            }
            page.Add(model);
        }
        return page.ToImmutable();
    }

    private async Task<IEnumerable<RankedModel>> ScanAsync(ExperimentId id, LoggedModelQuery query, int most, RankedModel? after, CancellationToken ct)
    {
        // The worst of those kept is the first to go.
        var kept = new PriorityQueue<RankedModel, RankedModel>(Comparer<RankedModel>.Create(static (x, y) => RankedModel.BestFirst.Compare(y, x)));
        if (await experiments.FindAsync(id, ct) is not { Stage: LifecycleStage.Active } experiment)
        {
            return [];
        }
        for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
        {
            await foreach (var model in models.ListAsync(experiment, partition, ct))
            {
                if (!Matches(model, query))
                {
                    continue;
                }
                var hit = new RankedModel(model, query);
                if (after is not null && RankedModel.BestFirst.Compare(hit, after) <= 0)
                {
                    continue;
                }
                kept.Enqueue(hit, hit);
                if (kept.Count > most)
                {
                    kept.Dequeue();
                }
            }
        }
        return kept.UnorderedItems.Select(static item => item.Element);
    }

    private static bool Matches(LoggedModel model, LoggedModelQuery query) =>
        model.Stage is LifecycleStage.Active
        && (query.Datasets.IsEmpty || query.Filter.Fields.Any(static field => field.Kind is FieldKind.Metric) || model.Metrics.Any(metric => ModelFields.IsOn(metric, query.Datasets)))
        && query.Filter.Matches(new LoggedModelHit(model, query));
}
