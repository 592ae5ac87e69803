using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>Some objects of a partition as they were read: rows a thousand an operation, and then their entries.</summary>
/// <param name="From">The key of the first; empty: the partition's first.</param>
/// <param name="Below">The key of the first that is not among them; null: they go to the end.</param>
/// <param name="Objects">The objects by their keys; what has entries but no rows is among them.</param>
/// <param name="Strange">Rows that have not the shape of one of the store.</param>
/// <param name="Rows">How many rows were read.</param>
internal sealed record PartitionPart(string From, string? Below, ImmutableSortedDictionary<string, AuditedState> Objects, ImmutableArray<string> Strange, int Rows)
{
    private const int ObjectsAtOnce = 500;

    /// <summary>Whether an object would be among them, but is not.</summary>
    public bool Lacks(string key) => !Objects.ContainsKey(key) && string.CompareOrdinal(key, From) >= 0 && (Below is null || string.CompareOrdinal(key, Below) < 0);

    /// <summary>Of kinds whose rows have the order of their objects about 500 objects, of others all.</summary>
    public static async Task<PartitionPart> ReadAsync(AuditSource source, AuditedPartition partition, string from, CancellationToken ct)
    {
        var rows = new Dictionary<string, List<TableEntity>>(StringComparer.Ordinal);
        var strange = ImmutableArray.CreateBuilder<string>();
        var read = 0;
        string? below = null;
        foreach (var letter in source.Letters)
        {
            await foreach (var row in partition.QueryAsync(AuditSource.Between(letter, from, below), source.Columns, 1000, ct))
            {
                read++;
                if (!source.TryObjectOf(row.RowKey, out var key))
                {
                    strange.Add(row.RowKey);
                }
                if (key is null)
                {
                    continue;
                }
                if (source.IsOrdered && letter == source.Letters[0] && rows.Count == ObjectsAtOnce && !rows.ContainsKey(key))
                {
                    below = key;
                    break;
                }
                ListOf(rows, key).Add(row);
            }
        }
        var entries = new Dictionary<string, List<TableEntity>>(StringComparer.Ordinal);
        await foreach (var row in partition.QueryAsync(AuditKeys.EntriesBetween(from, below), null, 1000, ct))
        {
            read++;
            if (AuditKeys.IsEntry(row.RowKey))
            {
                ListOf(entries, AuditKeys.ObjectOf(row.RowKey)).Add(row);
            }
            else
            {
                strange.Add(row.RowKey);
            }
        }
        return new PartitionPart(from, below, rows.Keys.Union(entries.Keys).ToImmutableSortedDictionary(
            static key => key, key => AuditedState.Of(source, key, rows.GetValueOrDefault(key) ?? [], entries.GetValueOrDefault(key) ?? []), StringComparer.Ordinal), strange.ToImmutable(), read);
    }

    private static List<TableEntity> ListOf(Dictionary<string, List<TableEntity>> all, string key)
    {
        if (!all.TryGetValue(key, out var list))
        {
            all[key] = list = [];
        }
        return list;
    }
}
