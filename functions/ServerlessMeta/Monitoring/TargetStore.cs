using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// What is watched: its options and baselines. Every change of them is one transaction with its audit entry, under the ETag of the target's row. The row is made by the first thing that is said or posted
/// of a target.
/// </summary>
internal sealed class TargetStore(MonitoringTable table, TimeProvider time)
{
    public const string Kind = "Monitoring";

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>One operation; null: nothing was ever said or posted of it.</summary>
    public async Task<Watched?> FindAsync(MonitorTarget target, CancellationToken ct) => await FindRowAsync(target, ct) is { } row ? TargetRow.To(row) : null;

    /// <summary>The target of which something changed.</summary>
    public async Task<Watched?> FindAsync(TargetChanges changes, CancellationToken ct) =>
        await table.FindAsync(changes.Partition, MonitoringKeys.TargetOf(changes.Key), ct) is { } row ? TargetRow.To(row) : null;

    public Task<TableEntity?> FindRowAsync(MonitorTarget target, CancellationToken ct) => table.FindAsync(MonitoringKeys.Partition(target), MonitoringKeys.Target(target), ct);

    /// <summary>Replaces the options; those that are the same are not written.</summary>
    /// <param name="found">Of what.</param>
    /// <param name="options">All of them.</param>
    /// <param name="revision">The revision that the caller saw; null: whichever.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<Watched>> SetOptionsAsync(FoundTarget found, WatchOptions options, long? revision, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var stored = await FindRowAsync(found.Target, ct);
            var before = stored is null ? null : TargetRow.To(stored);
            if (before is not null && OptionsDigest.Of(before.Options) == OptionsDigest.Of(options))
            {
                return before;
            }
            if (revision is not null && revision != (before?.Revision ?? 0))
            {
                return new Failure.Conflict(Kind, found.Name);
            }
            var after = (before ?? New(found.Target)) with { Options = options, Revision = (before?.Revision ?? 0) + 1, UpdatedAt = Now };
            if (await TryCommitAsync(found, stored, after, "monitoring.options", OptionsDigest.Differences(before?.Options ?? WatchOptions.Default, options), [], [Changed(found.Target)]))
            {
                return after;
            }
            if (await WaitAsync(found, attempt, started, ct) is { } tired)
            {
                return tired;
            }
        }
    }

    /// <summary>Puts a baseline into force, under the next number; the one that is in force already is known.</summary>
    public async Task<Result<(BaselineRecord Baseline, bool IsNew)>> SetBaselineAsync(FoundTarget found, BaselineRecord wanted, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var stored = await FindRowAsync(found.Target, ct);
            var before = stored is null ? null : TargetRow.To(stored);
            // The same content is another baseline when it was read by another schema.
            if (before?.Baseline is { } known && known.Digest == wanted.Digest && known.ProfileBlob == wanted.ProfileBlob && known.PredictionsBlob == wanted.PredictionsBlob)
            {
                return (known, false);
            }
            var baseline = wanted with { Number = (before?.Baseline?.Number ?? 0) + 1, CreatedAt = Now, By = Caller.Current.Name };
            var after = (before ?? New(found.Target)) with { Baseline = baseline, Revision = (before?.Revision ?? 0) + 1, UpdatedAt = Now };
            KeyValuePair<string, string>[] facts =
            [
                new("baseline", baseline.Number.ToString(CultureInfo.InvariantCulture)), new("digest", baseline.Digest), new("source", baseline.Source), new("rows", baseline.Rows.ToString(CultureInfo.InvariantCulture)),
            ];
            if (await TryCommitAsync(found, stored, after, "monitoring.baseline", facts, [BaselineRow.From(found.Target, baseline)], [Changed(found.Target)]))
            {
                return (baseline, true);
            }
            if (await WaitAsync(found, attempt, started, ct) is { } tired)
            {
                return tired;
            }
        }
    }

    public async Task<BaselineRecord?> FindBaselineAsync(MonitorTarget target, int number, CancellationToken ct) =>
        await table.FindAsync(MonitoringKeys.Partition(target), MonitoringKeys.Baseline(target, number), ct) is { } row ? BaselineRow.To(row) : null;

    /// <summary>Baselines, the one in force first; one operation.</summary>
    public Task<Result<Paged<BaselineRecord>>> ListBaselinesAsync(MonitorTarget target, int size, string? pageToken, CancellationToken ct) => MonitoringPages.ReadAsync(
        table, MonitoringKeys.Partition(target), $"baselines\n{target.Key}", MonitoringKeys.Baselines(target), size, pageToken, null, BaselineRow.To, ct);

    /// <summary>Adds to a transaction that a target is watched, for the first thing that is posted of it; the transaction loses when it is by now.</summary>
    public Watched Create(GroupTransaction transaction, FoundTarget found, TimeSpan longest)
    {
        var watched = New(found.Target) with { Revision = 1, Longest = longest };
        Write(transaction, found, null, watched, "monitoring.begin", [], [], WriteId.New());
        return watched;
    }

    /// <summary>Waits after a lost race; a failure when it lasted too long.</summary>
    public async Task<Failure.Busy?> WaitAsync(FoundTarget found, int attempt, long started, CancellationToken ct)
    {
        if (!await BackOff.WaitAsync(time, started, attempt, ct))
        {
            return new Failure.Busy(Kind, found.Name, TimeSpan.FromSeconds(2));
        }
        return null;
    }

    private Watched New(MonitorTarget target) => new() { Target = target, Options = WatchOptions.Default, Revision = 0, CreatedAt = Now, UpdatedAt = Now };

    private static TableEntity Changed(MonitorTarget target) => new(MonitoringKeys.Partition(target), MonitoringKeys.ChangedBaseline(target));

    private async Task<bool> TryCommitAsync(
        FoundTarget found, TableEntity? stored, Watched after, string action, IEnumerable<KeyValuePair<string, string>> facts, TableEntity[] records, TableEntity[] followers)
    {
        var write = WriteId.New();
        var transaction = table.Begin(found.Target);
        Write(transaction, found, stored, after, action, facts, records, write);
        foreach (var follower in followers)
        {
            transaction.Put(follower);
        }
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }
        catch (Exception unsure) when (unsure is RequestFailedException { Status: 404 or 409 or 412 } || Outage.IsAmbiguous(unsure))
        {
            // The row tells whether the change took effect after all; an outage that lasts fails this read, and so the caller.
            return (await FindRowAsync(found.Target, CancellationToken.None))?.GetString(WriteId.Property) == write;
        }
    }

    private static void Write(GroupTransaction transaction, FoundTarget found, TableEntity? stored, Watched after, string action, IEnumerable<KeyValuePair<string, string>> facts, TableEntity[] records, string write)
    {
        var row = TargetRow.From(after);
        var trail = new AuditTrail(found.Target.Key, TargetRow.ObjectOf(found.Target), stored is null ? AuditHead.None : AuditHead.Of(stored));
        trail.Record(
            Caller.Current, after.UpdatedAt, action,
            [new RowChange(row.RowKey, stored is null ? null : TargetRow.DigestOf(stored), TargetRow.DigestOf(row)), .. records.Select(static record => new RowChange(record.RowKey, null, RowDigest.Of(record)))],
            found.Name, facts);
        trail.Head.Write(row);
        row[WriteId.Property] = write;
        _ = stored is null ? transaction.Add(row) : transaction.Replace(row, stored.ETag);
        if (stored is null && found.Target.Monitor is not null)
        {
            transaction.Add(TargetRow.Listed(found.Target, after.CreatedAt));
        }
        foreach (var record in records)
        {
            transaction.Add(record);
        }
        foreach (var entry in trail.Rows(row.PartitionKey, write))
        {
            transaction.Add(entry);
        }
    }
}
