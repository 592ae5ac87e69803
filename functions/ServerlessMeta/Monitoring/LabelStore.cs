using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Batches of labels. A batch is one transaction: its row, a row for each day of the predictions that it labels, one among those that wait, and that there is something to compute. The timer finds out
/// which windows it concerns.
/// </summary>
internal sealed class LabelStore(MonitoringTable table, MonitoringContents contents, TargetStore targets, TimeProvider time)
{
    public const string Kind = "Batch of labels";

    /// <summary>A bit of each fits a property of a row.</summary>
    public const int MostLabels = 400_000;

    // The rows of a transaction are 100.
    private const int MostDays = 60;

    /// <summary>Stores a batch: its blob first. The same labels under the same id are known, others are a <see cref="Failure.Clash"/>; of predictions of more than sixty days they are <see cref="Failure.Invalid"/>. A read, a blob, and a transaction.</summary>
    /// <param name="found">Whose.</param>
    /// <param name="id">The batch's id; null: the digest of the labels.</param>
    /// <param name="labels">The labels, from one to <see cref="MostLabels"/>.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<(LabelBatch Batch, bool IsNew)>> PostAsync(FoundTarget found, string? id, ImmutableArray<PostedLabel> labels, CancellationToken ct)
    {
        Receipt.Current?.Enter();
        var days = labels.Select(static label => label.PredictedAt).OfType<DateTimeOffset>().Select(static at => DateOnly.FromDateTime(at.UtcDateTime)).ToImmutableSortedSet();
        if (days.Count > MostDays)
        {
            return new Failure.Invalid("labels", string.Create(CultureInfo.InvariantCulture, $"They are of predictions of {days.Count} days; a batch is of up to {MostDays}: split it."));
        }
        var (packed, digest) = LabelCodec.Write(labels);
        var isPlaced = days.Count > 0;
        var batch = new LabelBatch
        {
            Id = id ?? digest,
            Digest = digest,
            Blob = await contents.PutAsync(found.Target, packed, ct),
            Count = labels.Length,
            FirstDay = isPlaced ? days[0] : null,
            LastDay = isPlaced ? days[^1] : null,
            IsUnplaced = !isPlaced || labels.Any(static label => label.PredictedAt is null),
            ReceivedAt = targets.Now,
            By = Caller.Current.Name,
        };
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (posted, refused) = await TryPostAsync(found, batch, days, ct);
            if (refused is not null)
            {
                return refused;
            }
            if (posted is { } done)
            {
                return done;
            }
            if (await targets.WaitAsync(found, attempt, started, ct) is { } tired)
            {
                return tired;
            }
        }
    }

    /// <summary>Batches some of whose labels have not found their prediction, the oldest first; one operation.</summary>
    public async Task<Result<Paged<WaitingBatch>>> ListWaitingAsync(MonitorTarget target, int size, string? pageToken, CancellationToken ct) => await MonitoringPages.ReadAsync(
        table, MonitoringKeys.Partition(target), $"labels\n{target.Key}", MonitoringKeys.WaitingOf(target, null, null), size, pageToken, WaitingBatch.Columns,
        static row => new WaitingBatch(LabelRow.To(row), LabelRow.WaitingIn(row)), ct);

    /// <summary>How many labels wait for their predictions: an operation for a thousand batches.</summary>
    public async Task<long> CountWaitingAsync(MonitorTarget target, CancellationToken ct) =>
        (await table.ListAsync(MonitoringKeys.Partition(target), MonitoringKeys.WaitingOf(target, null, null), ["RowKey", "waiting"], ct)).Sum(static row => (long)LabelRow.WaitingIn(row));

    private async Task<((LabelBatch Batch, bool IsNew)? Posted, Failure? Refused)> TryPostAsync(FoundTarget found, LabelBatch batch, IEnumerable<DateOnly> days, CancellationToken ct)
    {
        var (target, partition) = (found.Target, MonitoringKeys.Partition(found.Target));
        var stored = await targets.FindRowAsync(target, ct);
        var transaction = table.Begin(target);
        var receipt = Receipt.Current;
        if (receipt is not null)
        {
            transaction.Add(receipt.In(partition));
        }
        transaction.Add(LabelRow.From(target, MonitoringKeys.Batch(target, batch.Id), batch));
        foreach (var day in days)
        {
            transaction.Add(LabelRow.From(target, MonitoringKeys.Labels(target, day, batch.Id), batch));
        }
        transaction.Add(LabelRow.Waiting(target, batch)).Put(new TableEntity(partition, MonitoringKeys.ChangedLabels(target, batch.Id)))
            .Put(new TableEntity(partition, MonitoringKeys.ExpiringLabels(target, batch.WaitsUntil((stored is null ? WatchOptions.Default : TargetRow.To(stored).Options).Analysis.MaxLabelLag))));
        if (stored is null)
        {
            targets.Create(transaction, found, TimeSpan.Zero);
        }
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
            return ((batch, true), null);
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 409 or 412)
        {
            return await LostAsync(found, batch, receipt, receipt is not null && lost.FailedTransactionActionIndex is 0, ct);
        }
    }

    private async Task<((LabelBatch Batch, bool IsNew)? Posted, Failure? Refused)> LostAsync(FoundTarget found, LabelBatch batch, Receipt? receipt, bool isApplied, CancellationToken ct)
    {
        var partition = MonitoringKeys.Partition(found.Target);
        var row = await table.FindAsync(partition, MonitoringKeys.Batch(found.Target, batch.Id), ct);
        if (isApplied)
        {
            receipt!.Known();
            return ((row is null ? batch : LabelRow.To(row), false), null);
        }
        if (row is null)
        {
            return default;
        }
        var known = LabelRow.To(row);
        if (known.Digest != batch.Digest)
        {
            return (null, new Failure.Clash(Kind, batch.Id, string.Create(CultureInfo.InvariantCulture, $"There is a batch '{batch.Id}' of other labels, since {known.ReceivedAt:O}.")));
        }
        if (receipt is not null)
        {
            await ReceiptOnly.CommitAsync(table.Begin(found.Target), receipt, partition);
        }
        return ((known, false), null);
    }
}
