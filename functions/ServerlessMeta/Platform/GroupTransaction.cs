using Azure;
using Azure.Data.Tables;

namespace ServerlessMeta.Platform;

/// <summary>
/// Rows of one partition that change together or not at all; billed as one operation. One row guards (its ETag), the others follow it unconditionally.
/// </summary>
internal sealed class GroupTransaction(TableClient table, string partition)
{
    private static readonly ETag Whatever = new("*");
    private readonly List<TableTransactionAction> actions = [];
    private readonly HashSet<string> rows = new(StringComparer.Ordinal);
    private int bytes;

    public int Count => actions.Count;

    /// <summary>Insert; the transaction loses (409) when the row exists.</summary>
    public GroupTransaction Add(TableEntity row) => Step(TableTransactionActionType.Add, row, default);

    /// <summary>Merge the given properties; the transaction loses (412) when the row has another ETag.</summary>
    public GroupTransaction Merge(TableEntity row, ETag guard) => Step(TableTransactionActionType.UpdateMerge, row, guard);

    /// <summary>Replace the whole row; the transaction loses (412) when the row has another ETag.</summary>
    public GroupTransaction Replace(TableEntity row, ETag guard) => Step(TableTransactionActionType.UpdateReplace, row, guard);

    /// <summary>A follower: written whatever is there, for another row of this transaction guards it.</summary>
    public GroupTransaction Put(TableEntity row) => Step(TableTransactionActionType.UpsertReplace, row, default);

    /// <summary>A follower: merged into whatever is there.</summary>
    public GroupTransaction PutInto(TableEntity row) => Step(TableTransactionActionType.UpsertMerge, row, default);

    /// <summary>A follower: removed; the transaction loses (404) when it is absent.</summary>
    public GroupTransaction Remove(string rowKey) => Step(TableTransactionActionType.Delete, new TableEntity(partition, rowKey), Whatever);

    /// <summary>Delete; the transaction loses (404, 412) when the row is absent or has another ETag.</summary>
    public GroupTransaction Remove(string rowKey, ETag guard) => Step(TableTransactionActionType.Delete, new TableEntity(partition, rowKey), guard);

    /// <returns>The new ETags, in the order of the steps.</returns>
    /// <exception cref="TableTransactionFailedException">A step lost; its index is in the exception.</exception>
    public async Task<IReadOnlyList<ETag>> CommitAsync(CancellationToken ct)
    {
        var answer = await table.SubmitTransactionAsync(actions, ct);
        return [.. answer.Value.Select(static step => step.Headers.ETag ?? default)];
    }

    private GroupTransaction Step(TableTransactionActionType type, TableEntity row, ETag guard)
    {
        bytes += TableLimits.Weigh(row);
        if (row.PartitionKey != partition || !rows.Add(row.RowKey) || actions.Count == TableLimits.TransactionRows || bytes > TableLimits.TransactionBytes)
        {
            throw new InvalidOperationException($"A transaction takes up to 100 distinct rows and 4 MiB of one partition; step {actions.Count} ('{row.RowKey}') does not fit.");
        }
        actions.Add(new TableTransactionAction(type, row, guard));
        return this;
    }
}
