using System.Collections.Concurrent;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Reads the registry's rows. An instance remembers which number a name has; a name that moved is found by its claim.</summary>
public sealed class ModelReader
{
    private const int KnownNames = 20_000;
    private readonly StorageClients storage;
    private readonly ConcurrentDictionary<string, long> numbers = new(StringComparer.Ordinal);

    internal ModelReader(StorageClients storage) => this.storage = storage;

    /// <summary>The model that has a name now; null when there is none.</summary>
    public async Task<RegisteredModel?> FindAsync(string name, CancellationToken ct) => await FindHomeAsync(name, ct) is { } row ? ModelRow.To(row) : null;

    /// <summary>A version; null when there is none, or it was deleted.</summary>
    public async Task<ModelVersion?> FindVersionAsync(RegisteredModel model, int number, CancellationToken ct) =>
        model.Has(number) && await FindRowAsync(ModelKeys.Version(model.Number, number), ct) is { } row ? ModelVersionRow.To(row) : null;

    /// <summary>The name that a model has, or had when it was deleted.</summary>
    internal async Task<string?> FindNameAsync(long number, CancellationToken ct) => (await FindRowAsync(ModelKeys.Model(number), ct))?.GetString("name");

    /// <summary>The row of the model that has a name now: one operation when this instance knows the name, two otherwise.</summary>
    internal async Task<TableEntity?> FindHomeAsync(string name, CancellationToken ct)
    {
        if (numbers.TryGetValue(name, out var known) && await FindRowAsync(ModelKeys.Model(known), ct) is { } same && IsNamed(same, name))
        {
            return same;
        }
        numbers.TryRemove(name, out _);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await FindRowAsync(ModelKeys.Name(name), ct) is not { } claim)
            {
                return null;
            }
            var number = claim.GetInt64("number")!.Value;
            if (await FindRowAsync(ModelKeys.Model(number), ct) is { } row && IsNamed(row, name))
            {
                Remember(name, number);
                return row;
            }
            // Renamed between the two reads.
        }
        return null;
    }

    internal void Remember(string name, long number)
    {
        if (numbers.Count >= KnownNames)
        {
            numbers.Clear();
        }
        numbers[name] = number;
    }

    internal async Task<TableEntity?> FindRowAsync(string rowKey, CancellationToken ct)
    {
        var row = await storage.Models.GetEntityIfExistsAsync<TableEntity>(ModelKeys.Partition, rowKey, cancellationToken: ct);
        return row.HasValue ? row.Value : null;
    }

    internal IAsyncEnumerable<TableEntity> QueryAsync((string From, string Below) range, CancellationToken ct) => storage.Models.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {range.From} and RowKey lt {range.Below}"), 1000, cancellationToken: ct);

    private static bool IsNamed(TableEntity row, string name) => row.GetString("name") == name && row.GetInt32("stage") is (int)LifecycleStage.Active;
}
