using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Windows and their parts. A part is one transaction: its row, that its window has something to compute, and for the first part the window and the claim of its id. So parts come in any order and any
/// number of times; what was posted stays as it is.
/// </summary>
internal sealed class WindowStore(MonitoringTable table, MonitoringContents contents, TargetStore targets, TimeProvider time)
{
    public const string Kind = "Window";
    public const string PartKind = "Part of a window";

    /// <summary>What a window is computed from is in memory at once.</summary>
    public const int MostParts = 1000;
    public const int MostPredictions = 2_000_000;

    /// <summary>
    /// Stores a part: its blobs first, its row second. The same content under the same id is known, another is a <see cref="Failure.Clash"/>; so is a window that has another start or end.
    /// A read, a blob or two, and a transaction.
    /// </summary>
    /// <param name="found">Of what.</param>
    /// <param name="wanted">The part.</param>
    /// <param name="stored">The target's row, as it was read lately; null: it is not there yet.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<PostedPart>> PostAsync(FoundTarget found, NewPart wanted, TableEntity? stored, CancellationToken ct)
    {
        Receipt.Current?.Enter();
        var profile = contents.PutAsync(found.Target, wanted.Profile, ct);
        var joined = wanted.Joined is { } predictions ? await contents.PutAsync(found.Target, predictions, ct) : null;
        var part = new WindowPart
        {
            Id = wanted.Id ?? wanted.Digest,
            Digest = wanted.Digest,
            Rows = wanted.Rows,
            Predictions = wanted.Predictions,
            Baseline = wanted.Baseline,
            ProfileBlob = await profile,
            PredictionsBlob = joined,
            ReceivedAt = targets.Now,
            By = Caller.Current.Name,
        };
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (posted, refused) = await TryPostAsync(found, wanted, part, attempt == 0 ? stored : await targets.FindRowAsync(found.Target, ct), ct);
            if (refused is not null)
            {
                return refused;
            }
            if (posted is not null)
            {
                return posted;
            }
            if (await targets.WaitAsync(found, attempt, started, ct) is { } tired)
            {
                return tired;
            }
        }
    }

    /// <summary>Windows in the order of their starts; one operation.</summary>
    public async Task<Result<Paged<MonitoredWindow>>> ListAsync(MonitorTarget target, DateTimeOffset? from, DateTimeOffset? below, int size, string? pageToken, CancellationToken ct)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"windows\n{target.Key}\n{from?.ToUnixTimeMilliseconds()}\n{below?.ToUnixTimeMilliseconds()}");
        return await MonitoringPages.ReadAsync(table, MonitoringKeys.Partition(target), query, MonitoringKeys.Windows(target, from, below), size, pageToken, null, WindowRow.To, ct);
    }

    /// <summary>The parts of a window, in no order that means anything.</summary>
    public async Task<List<WindowPart>> PartsAsync(MonitorTarget target, string window, CancellationToken ct) =>
        [.. (await table.ListAsync(MonitoringKeys.Partition(target), MonitoringKeys.Parts(target, window), null, ct)).Select(PartRow.To)];

    private async Task<(PostedPart? Posted, Failure? Refused)> TryPostAsync(FoundTarget found, NewPart wanted, WindowPart part, TableEntity? stored, CancellationToken ct)
    {
        var (target, partition) = (found.Target, MonitoringKeys.Partition(found.Target));
        var claim = await table.FindAsync(partition, MonitoringKeys.Claim(target, wanted.Window), ct);
        var window = claim is null ? new MonitoredWindow { Id = wanted.Window, Start = wanted.Start, End = wanted.End, ReceivedAt = part.ReceivedAt } : WindowClaimRow.To(claim);
        if (window.Start != wanted.Start || window.End != wanted.End)
        {
            return (null, new Failure.Clash(Kind, wanted.Window, string.Create(CultureInfo.InvariantCulture, $"Window '{wanted.Window}' is from {window.Start:O} to {window.End:O}: another needs another id.")));
        }
        var transaction = table.Begin(target);
        var receipt = Receipt.Current;
        if (receipt is not null)
        {
            transaction.Add(receipt.In(partition));
        }
        transaction.Add(PartRow.From(target, window.Id, part));
        var (parts, predictions) = WindowClaimRow.CountsOf(claim);
        if ((parts >= MostParts || predictions + part.Predictions > MostPredictions)
            && await table.FindAsync(partition, MonitoringKeys.Part(target, window.Id, part.Id), ct) is null)
        {
            return (null, new Failure.Invalid("part", string.Create(CultureInfo.InvariantCulture, $"Window '{window.Id}' has {parts} parts and {predictions} predictions; up to {MostParts} and {MostPredictions} are computed together: post shorter windows, or fewer and larger parts.")));
        }
        transaction.Put(new TableEntity(partition, MonitoringKeys.ChangedWindow(target, null, window.Start, window.Id)));
        if (claim is null)
        {
            var first = WindowClaimRow.From(target, window);
            (first["parts"], first["predictions"]) = (1, (long)part.Predictions);
            transaction.Add(first).Add(WindowRow.From(target, window));
        }
        else
        {
            transaction.PutInto(WindowClaimRow.CountOf(target, window.Id, parts + 1, predictions + part.Predictions));
        }
        Watch(transaction, found, stored, window.End - window.Start);
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return (new PostedPart(window, part, true), null);
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 409 or 412)
        {
            return await LostAsync(found, window, part, receipt, receipt is not null && lost.FailedTransactionActionIndex is 0, ct);
        }
    }

    // What is watched is noted by the first post, and its longest window by a longer one.
    private void Watch(GroupTransaction transaction, FoundTarget found, TableEntity? stored, TimeSpan length)
    {
        if (stored is null)
        {
            targets.Create(transaction, found, length);
        }
        else if (TargetRow.To(stored).Longest < length)
        {
            transaction.Merge(TargetRow.LongestOf(found.Target, length), stored.ETag);
        }
    }

    // Either the part is there by now, or something else was changed first and all is tried again.
    private async Task<(PostedPart? Posted, Failure? Refused)> LostAsync(FoundTarget found, MonitoredWindow window, WindowPart part, Receipt? receipt, bool isApplied, CancellationToken ct)
    {
        var partition = MonitoringKeys.Partition(found.Target);
        var row = await table.FindAsync(partition, MonitoringKeys.Part(found.Target, window.Id, part.Id), ct);
        if (isApplied)
        {
            receipt!.Known();
            return (new PostedPart(window, row is null ? part : PartRow.To(row), false), null);
        }
        if (row is null)
        {
            return default;
        }
        var known = PartRow.To(row);
        if (known.Digest != part.Digest)
        {
            return (null, new Failure.Clash(PartKind, part.Id, $"Window '{window.Id}' has a part '{part.Id}' of other content."));
        }
        if (receipt is not null)
        {
            await ReceiptOnly.CommitAsync(table.Begin(found.Target), receipt, partition);
        }
        return (new PostedPart(window, known, false), null);
    }
}
