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
    private string? overflow;

    public int Count => actions.Count;

    /// <summary>Whether storage takes it, also as the body that is sent.</summary>
    public bool Fits => overflow is null && TableLimits.Fit([.. actions.Select(static action => (TableEntity)action.Entity)]);

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
    /// <exception cref="InvalidOperationException">It is more than a transaction takes: whoever cannot know that before asks <see cref="Fits"/>.</exception>
    public async Task<IReadOnlyList<ETag>> CommitAsync(CancellationToken ct)
    {
        if (overflow is not null)
        {
            throw new InvalidOperationException(overflow);
        }
        var answer = await table.SubmitTransactionAsync(actions, ct);
        return [.. answer.Value.Select(static step => step.Headers.ETag ?? default)];
    }

    private GroupTransaction Step(TableTransactionActionType type, TableEntity row, ETag guard)
    {
        if (row.PartitionKey != partition || !rows.Add(row.RowKey))
        {
            throw new InvalidOperationException($"A transaction takes distinct rows of one partition; step {actions.Count} ('{row.RowKey}') is none.");
        }
        var broken = TableLimits.Broken(row, out var weight);
        bytes += weight;
        overflow ??= broken is not null ? $"Azure Table Storage would refuse this write: {broken}."
            : actions.Count == TableLimits.TransactionRows || bytes > TableLimits.TransactionBytes ? $"A transaction takes up to 100 rows and 4 MiB; step {actions.Count} ('{row.RowKey}') does not fit." : null;
        if (overflow is not null)
        {
            // What is sent no more need not be kept.
            return this;
        }
        actions.Add(new TableTransactionAction(type, row, guard));
        return this;
    }
}
