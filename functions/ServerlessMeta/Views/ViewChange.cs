using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Views;

/// <summary>
/// A change of one view, prepared on what is stored: it, the row that guards the experiment's views, and the audit's entry are one transaction. The entry has the view's name only while it is shared,
/// for the audit is read by more than its owner; the view's id, which the caller chose, it always has.
/// </summary>
/// <param name="experiment">Whose views.</param>
/// <param name="id">Which changes.</param>
/// <param name="rows">All rows of the experiment's views, in the order of their keys.</param>
/// <param name="by">Who changes it.</param>
/// <param name="now">When.</param>
internal sealed class ViewChange(ExperimentId experiment, ViewId id, IReadOnlyList<TableEntity> rows, Caller by, DateTimeOffset now)
{
    private readonly string key = ViewKeys.View(experiment, id);
    private readonly TableEntity? home = rows.FirstOrDefault(row => row.RowKey == ViewKeys.Home(experiment));
    private readonly TableEntity? stored = rows.FirstOrDefault(row => row.RowKey == ViewKeys.View(experiment, id));
    private SavedView? before;
    private SavedView? after;
    private bool isRemoved;

    public Caller By => by;

    public SavedView? Before => before ??= stored is null ? null : ViewRow.To(stored);

    public bool IsNone => after is null && !isRemoved;

    /// <summary>The key of the audit's entry: whose write it has, won.</summary>
    public string EntryKey => AuditKeys.Entry(ViewKeys.ObjectKey(experiment), Head.Number + 1);

    private AuditHead Head => home is null ? AuditHead.None : AuditHead.Of(home);

    // Never before the change before it.
    private DateTimeOffset At => now > Head.At ? now : Head.At;

    /// <summary>Why there is no place for another view; null when there is.</summary>
    public Failure? Refuse()
    {
        var owners = rows.Where(row => row.RowKey != ViewKeys.Home(experiment)).Select(ViewRow.OwnerOf).ToList();
        return owners.Count >= ViewStore.MostViews ? new Failure.Clash(ViewStore.Kind, id.ToString(), $"An experiment has up to {ViewStore.MostViews} views; delete some.")
            : owners.Count(owner => owner == by.Name) >= ViewStore.MostOwned ? new Failure.Clash(ViewStore.Kind, id.ToString(), $"Of one experiment everybody has up to {ViewStore.MostOwned} views; delete some.")
            : null;
    }

    public SavedView Put(ViewContent content) => after = new SavedView
    {
        Experiment = experiment,
        Id = id,
        Content = content,
        Owner = Before?.Owner ?? by.Name,
        CreatedAt = Before?.CreatedAt ?? At,
        UpdatedAt = At,
        UpdatedBy = by.Name,
        Revision = Head.Number + 1,
    };

    public void Remove() => isRemoved = true;

    public GroupTransaction ToTransaction(TableClient table, string write)
    {
        var (guard, row) = (ViewRow.Home(ViewKeys.Home(experiment)), after is null ? null : ViewRow.From(after));
        var trail = new AuditTrail(ViewKeys.ObjectKey(experiment), $"views:{experiment}", Head);
        trail.Record(
            by, now, isRemoved ? "view.delete" : Before is null ? "view.create" : "view.update", [new RowChange(guard.RowKey, Digest(home), Digest(guard)), new RowChange(key, Digest(stored), Digest(row))],
            (after ?? Before) is { Content: { IsShared: true, Name: var name } } ? name : null, Details());
        trail.Head.Write(guard);
        guard[WriteId.Property] = write;
        var transaction = new GroupTransaction(table, ViewKeys.Partition);
        _ = home is null ? transaction.Add(guard) : transaction.Replace(guard, home.ETag);
        _ = row is null ? transaction.Remove(key) : transaction.Put(row);
        foreach (var entry in trail.Rows(ViewKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        return transaction;
    }

    private static string? Digest(TableEntity? row) => row is null ? null : RowDigest.Of(row);

    private IEnumerable<KeyValuePair<string, string>> Details()
    {
        yield return new("view", id.ToString());
        if (after is not null)
        {
            yield return new("shared", after.Content.IsShared ? "true" : "false");
        }
    }
}
