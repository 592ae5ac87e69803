using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>A batch some of whose labels wait for their predictions, and which found them now.</summary>
internal sealed class WaitingLabels(LabelBatch batch, byte[] before, ETag tag)
{
    // The rows of a transaction are 100.
    private const int DaysAtOnce = 90;
    private const int MostAttempts = 5;

    private readonly byte[] found = [.. before];
    private readonly SortedSet<DateOnly> days = [];
    private ETag tag = tag;

    public LabelBatch Batch => batch;

    public ETag Tag => tag;

    /// <summary>Whether something was found that is not stored.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Whether none of it waits any more, so that its row is gone.</summary>
    public bool IsGone { get; private set; }

    /// <summary>A label found its prediction, of that day.</summary>
    /// <param name="number">Which label.</param>
    /// <param name="day">The day.</param>
    /// <param name="isPlaced">Whether the window finds the batch by a day already.</param>
    public void Find(int number, DateOnly day, bool isPlaced)
    {
        // Where its sender placed it, it is found already.
        if (batch.IsUnplaced)
        {
            days.Add(day);
            HasChanged |= !isPlaced;
        }
        if ((found[number / 8] & (1 << (number % 8))) == 0)
        {
            found[number / 8] |= (byte)(1 << (number % 8));
            HasChanged = true;
        }
    }

    /// <summary>The days first: a batch that waits no more is found by them alone. Repeating it changes nothing; what another run found is kept.</summary>
    public async Task CommitAsync(MonitoringTable table, MonitorTarget target, CancellationToken ct)
    {
        var left = days.ToList();
        for (; left.Count > DaysAtOnce; left.RemoveRange(0, DaysAtOnce))
        {
            await Place(table, target, left.Take(DaysAtOnce)).CommitAsync(ct);
        }
        for (var attempt = 1; !await TryCommitAsync(Place(table, target, left), target, attempt, ct); attempt++)
        {
            await ReadAgainAsync(table, target, ct);
        }
        days.Clear();
        HasChanged = false;
    }

    private GroupTransaction Place(MonitoringTable table, MonitorTarget target, IEnumerable<DateOnly> placed)
    {
        var transaction = table.Begin(target);
        foreach (var day in placed)
        {
            transaction.Put(LabelRow.From(target, MonitoringKeys.Labels(target, day, batch.Id), batch));
        }
        return transaction;
    }

    private async Task<bool> TryCommitAsync(GroupTransaction last, MonitorTarget target, int attempt, CancellationToken ct)
    {
        var row = LabelRow.Waiting(target, batch, found);
        var isLast = LabelRow.WaitingIn(row) == 0;
        if (!IsGone)
        {
            _ = isLast ? last.Remove(row.RowKey, tag) : last.Replace(row, tag);
        }
        try
        {
            if (last.Count > 0)
            {
                var tags = await last.CommitAsync(ct);
                (tag, IsGone) = (tags[^1], IsGone || isLast);
            }
            return true;
        }
        catch (TableTransactionFailedException changed) when (changed.Status is 404 or 412 && attempt < MostAttempts)
        {
            return false;
        }
    }

    private async Task ReadAgainAsync(MonitoringTable table, MonitorTarget target, CancellationToken ct)
    {
        if (await table.FindAsync(MonitoringKeys.Partition(target), MonitoringKeys.Waiting(target, batch.ReceivedOn, batch.Id), ct) is not { } row)
        {
            IsGone = true;
            return;
        }
        tag = row.ETag;
        var others = LabelRow.FoundIn(row);
        for (var place = 0; place < found.Length; place++)
        {
            found[place] |= others[place];
        }
    }
}
