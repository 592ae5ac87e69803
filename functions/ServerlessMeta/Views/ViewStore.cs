using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Views;

/// <summary>
/// Saved views. Those of an experiment are read by one query; a change is that query and one transaction, which the row before them guards: who loses reads again. It recognises its own write by the
/// audit's entry.
/// </summary>
public sealed class ViewStore
{
    public const string Kind = "View";

    /// <summary>How many views an experiment may have.</summary>
    public const int MostViews = 500;

    /// <summary>How many views of an experiment one caller may own.</summary>
    public const int MostOwned = 100;

    private readonly StorageClients storage;
    private readonly TimeProvider time;

    internal ViewStore(StorageClients storage, TimeProvider time) => (this.storage, this.time) = (storage, time);

    private TableClient Table => storage.Experiments;

    internal AuditedPartition Audited => new(Table, ViewKeys.Partition);

    /// <summary>The views of an experiment that the caller chooses from, by name: own ones, and those that are shared. What newer code wrote is left out: one view does not take away the rest. One operation.</summary>
    /// <param name="experiment">Whose.</param>
    /// <param name="ofAll">Other people's own as well.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ImmutableArray<SavedView>> ListAsync(ExperimentId experiment, bool ofAll, CancellationToken ct)
    {
        var views = new List<SavedView>();
        await foreach (var row in Audited.QueryAsync(ViewKeys.Views(experiment), null, 1000, ct))
        {
            if (ViewRow.IsKnown(row))
            {
                views.Add(ViewRow.To(row));
            }
        }
        return
        [
            .. views.Where(view => ofAll || view.IsFor(Caller.Current)).OrderBy(static view => view.Content.Name, StringComparer.OrdinalIgnoreCase).ThenBy(static view => view.Id.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>A view, if the caller may see it: of other people's own administrators may. One that newer code wrote is not there either.</summary>
    public async Task<SavedView?> FindAsync(ExperimentId experiment, ViewId id, CancellationToken ct) =>
        await Audited.FindAsync(ViewKeys.View(experiment, id), null, ct) is { } row && ViewRow.IsKnown(row) && ViewRow.To(row) is var view && MaySee(view) ? view : null;

    /// <summary>Saves a view, whole: two operations. One that says the same is no change, so a call may be repeated.</summary>
    /// <param name="experiment">Whose table.</param>
    /// <param name="id">Its id.</param>
    /// <param name="content">The whole view, its query settled.</param>
    /// <param name="expected">The revision that the caller saw, 0 for none: when it is another that says something else, <see cref="Failure.Conflict"/>. Null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public Task<Result<(SavedView View, bool IsNew)>> PutAsync(ExperimentId experiment, ViewId id, ViewContent content, long? expected, CancellationToken ct) =>
        ChangeAsync<(SavedView, bool)>(experiment, id, change =>
        {
            var before = change.Before;
            if (before is not null && !before.IsChangedBy(change.By))
            {
                return new Failure.Forbidden($"View '{id}' is not yours: its owner or an administrator may change it.");
            }
            // Before the revision is looked at: the answer to this request may have been lost.
            if (before?.Content == content)
            {
                return (before, false);
            }
            if (expected is { } seen && seen != (before?.Revision ?? 0))
            {
                return new Failure.Conflict(Kind, id.ToString());
            }
            if (before is null && change.Refuse() is { } full)
            {
                return full;
            }
            return (change.Put(content), before is null);
        }, ct);

    /// <summary>Deletes a view: two operations. Its audit stays.</summary>
    /// <param name="experiment">Whose table.</param>
    /// <param name="id">Its id.</param>
    /// <param name="expected">The revision that the caller saw; null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public Task<Result<SavedView>> DeleteAsync(ExperimentId experiment, ViewId id, long? expected, CancellationToken ct) =>
        ChangeAsync<SavedView>(experiment, id, change =>
        {
            if (change.Before is not { } before || !MaySee(before))
            {
                return new Failure.NotFound(Kind, id.ToString());
            }
            if (!before.IsChangedBy(change.By))
            {
                return new Failure.Forbidden($"View '{id}' is {before.Owner}'s: its owner or an administrator may delete it.");
            }
            if (expected is { } seen && seen != before.Revision)
            {
                return new Failure.Conflict(Kind, id.ToString());
            }
            change.Remove();
            return before;
        }, ct);

    /// <summary>Where an experiment's views lie; the audit names them by its id.</summary>
    internal AuditedObject? Locate(string name) => ExperimentId.TryParse(name, CultureInfo.InvariantCulture, out var experiment)
        ? new AuditedObject(Audited, ViewKeys.ObjectKey(experiment), ViewKeys.Home(experiment))
        : null;

    private static bool MaySee(SavedView view) => view.IsFor(Caller.Current) || Caller.Current.Role >= Role.Admin;

    private async Task<Result<T>> ChangeAsync<T>(ExperimentId experiment, ViewId id, Func<ViewChange, Result<T>> prepare, CancellationToken ct)
    {
        var (by, started) = (Caller.Current, time.GetTimestamp());
        for (var attempt = 0; ; attempt++)
        {
            // The guarding row comes first: if a view changes meanwhile, so does it, and the commit loses.
            var rows = new List<TableEntity>();
            await foreach (var row in Audited.QueryAsync(ViewKeys.All(experiment), null, 1000, ct))
            {
                rows.Add(row);
            }
            var change = new ViewChange(experiment, id, rows, by, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()));
            var answer = prepare(change);
            if (!answer.IsOk || change.IsNone || await TryCommitAsync(change))
            {
                return answer;
            }
            if (!await BackOff.WaitAsync(time, started, attempt, ct))
            {
                return new Failure.Busy(Kind, id.ToString(), TimeSpan.FromSeconds(2));
            }
        }
    }

    private async Task<bool> TryCommitAsync(ViewChange change)
    {
        var write = WriteId.New();
        try
        {
            await change.ToTransaction(Table, write).CommitAsync(CancellationToken.None);
            return true;
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            // The entry tells whether the change took effect after all; an outage that lasts fails this read, and so the caller.
            return (await Audited.FindAsync(change.EntryKey, null, CancellationToken.None))?.GetString(WriteId.Property) == write;
        }
    }
}
