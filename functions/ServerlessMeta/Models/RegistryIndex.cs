using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// What an instance knows of all models and versions. Before each search it reads which revision each model has, a thousand an operation, and then what changed:
/// so a search that begins after a write was answered sees it, on any instance, and no clock takes part.
/// </summary>
internal sealed class RegistryIndex
{
    // So many changed models are read one by one; more in one sweep over those between them.
    private const int MostSingly = 16;
    private const int AtOnce = 8;
    private static readonly string[] RevisionColumns = ["RowKey", "rev"];

    private readonly ModelReader reader;
    private readonly StorageClients storage;
    private readonly long budget;
    private readonly JoinedCall<bool> refresh;
    private volatile IndexedModel[] byName = [];
    private Dictionary<long, IndexedModel> known = [];
    private volatile bool isTooLarge;

    public RegistryIndex(ModelReader reader, StorageClients storage, IOptions<ModelsOptions> options)
    {
        (this.reader, this.storage, budget) = (reader, storage, options.Value.IndexMegabytes * 1024L * 1024L);
        refresh = new JoinedCall<bool>(RefreshAsync);
    }

    /// <summary>The models that are not deleted, as they are now, in ordinal order of their names; null when they are too many to be kept.</summary>
    public async Task<IReadOnlyList<IndexedModel>?> ReadAsync(CancellationToken ct) => !isTooLarge && await refresh.RunAsync().WaitAsync(ct) ? byName : null;

    /// <summary>Every model that is not deleted, by its number, read from storage.</summary>
    public async Task<SortedDictionary<long, RegisteredModel>> ScanModelsAsync(CancellationToken ct)
    {
        var models = new SortedDictionary<long, RegisteredModel>();
        await foreach (var row in reader.QueryAsync(ModelKeys.Models, ct))
        {
            if (ModelRow.To(row) is { Stage: LifecycleStage.Active } model)
            {
                models.Add(model.Number, model);
            }
        }
        return models;
    }

    /// <summary>Every version of the models, read from storage as it is asked for.</summary>
    public async IAsyncEnumerable<(RegisteredModel Model, ModelVersion Version)> ScanVersionsAsync(SortedDictionary<long, RegisteredModel> models, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in reader.QueryAsync(ModelKeys.AllVersions, ct))
        {
            if (models.TryGetValue(ModelKeys.ModelOf(row.RowKey), out var model) && model.Has(ModelKeys.VersionOf(row.RowKey)))
            {
                yield return (model, ModelVersionRow.To(row));
            }
        }
    }

    // Runs once at a time. False: what there is does not fit.
    private async Task<bool> RefreshAsync()
    {
        var changed = new List<long>();
        var (from, below) = ModelKeys.Models;
        await foreach (var row in storage.Models.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1000, RevisionColumns))
        {
            var number = ModelKeys.ModelOf(row.RowKey);
            if (!known.TryGetValue(number, out var before) || before.Model.Revision < row.GetInt64("rev")!.Value)
            {
                changed.Add(number);
            }
        }
        if (changed.Count == 0)
        {
            return true;
        }
        var next = new Dictionary<long, IndexedModel>(known);
        var weight = known.Values.Sum(static model => model.Weight);
        if (!await (changed.Count <= MostSingly ? ReadSinglyAsync(changed, next, weight) : SweepAsync(changed, next, weight)))
        {
            (isTooLarge, known, byName) = (true, [], []);
            return false;
        }
        known = next;
        byName = [.. next.Values.Where(static model => model.Model.Stage is LifecycleStage.Active).OrderBy(static model => model.Model.Name, StringComparer.Ordinal)];
        return true;
    }

    private async Task<bool> ReadSinglyAsync(List<long> changed, Dictionary<long, IndexedModel> next, long weight)
    {
        var read = new IndexedModel[changed.Count];
        await Parallel.ForAsync(0, changed.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (place, stop) =>
        {
            var before = known.GetValueOrDefault(changed[place]);
            // The model first: a version that is younger than it comes with the next refresh.
            var model = ModelRow.To((await reader.FindRowAsync(ModelKeys.Model(changed[place]), stop))!);
            var versions = new List<ModelVersion>();
            if (model.Stage is LifecycleStage.Active)
            {
                var (from, below) = ModelKeys.Versions(model.Number);
                var since = before?.Model.Revision ?? 0;
                await foreach (var row in storage.Models.QueryAsync<TableEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {from} and RowKey lt {below} and rev gt {since}"), 1000, cancellationToken: stop))
                {
                    versions.Add(ModelVersionRow.To(row));
                }
            }
            read[place] = model.Stage is LifecycleStage.Active ? IndexedModel.Merge(before, model, versions) : new IndexedModel(model, []);
        });
        foreach (var model in read)
        {
            weight += model.Weight - (next.GetValueOrDefault(model.Model.Number)?.Weight ?? 0);
            next[model.Model.Number] = model;
        }
        return weight <= budget;
    }

    private async Task<bool> SweepAsync(List<long> changed, Dictionary<long, IndexedModel> next, long weight)
    {
        var wanted = changed.ToHashSet();
        weight -= changed.Sum(number => known.GetValueOrDefault(number)?.Weight ?? 0);
        var models = new Dictionary<long, RegisteredModel>();
        await foreach (var row in reader.QueryAsync((ModelKeys.Model(changed[0]), ModelKeys.Model(changed[^1] + 1)), CancellationToken.None))
        {
            if (wanted.Contains(ModelKeys.ModelOf(row.RowKey)))
            {
                models.Add(ModelKeys.ModelOf(row.RowKey), ModelRow.To(row));
            }
        }
        var versions = new Dictionary<long, List<ModelVersion>>();
        await foreach (var row in reader.QueryAsync((ModelKeys.Versions(changed[0]).From, ModelKeys.Versions(changed[^1]).Below), CancellationToken.None))
        {
            if (!models.TryGetValue(ModelKeys.ModelOf(row.RowKey), out var model) || model.Stage is not LifecycleStage.Active)
            {
                continue;
            }
            if (!versions.TryGetValue(model.Number, out var list))
            {
                versions.Add(model.Number, list = []);
            }
            list.Add(ModelVersionRow.To(row));
            weight += IndexedModel.Weigh(list[^1]);
            if (weight > budget)
            {
                return false;
            }
        }
        foreach (var model in models.Values)
        {
            next[model.Number] = IndexedModel.Merge(null, model, versions.GetValueOrDefault(model.Number) ?? []);
        }
        return next.Values.Sum(static model => model.Weight) <= budget;
    }
}
