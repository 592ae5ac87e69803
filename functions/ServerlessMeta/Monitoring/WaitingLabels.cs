using Azure;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>A batch some of whose labels wait for their predictions, and which found them now.</summary>
internal sealed class WaitingLabels(LabelBatch batch, byte[] before, ETag tag)
{
    // The rows of a transaction are 100.
    private const int DaysAtOnce = 90;

    private readonly byte[] found = [.. before];
    private readonly SortedSet<DateOnly> days = [];

    public LabelBatch Batch => batch;

    public ETag Tag => tag;

    public bool HasChanged { get; private set; }

    /// <summary>A label found its prediction, of that day.</summary>
    public void Find(int number, DateOnly day)
    {
        days.Add(day);
        if ((found[number / 8] & (1 << (number % 8))) == 0)
        {
            found[number / 8] |= (byte)(1 << (number % 8));
            HasChanged = true;
        }
    }

    /// <summary>The days first: a batch that waits no more is found by them alone. Repeating it changes nothing.</summary>
    public async Task CommitAsync(MonitoringTable table, MonitorTarget target, CancellationToken ct)
    {
        // Where its sender placed it, it is found already.
        var left = batch.IsUnplaced ? days.ToList() : [];
        for (; left.Count > DaysAtOnce; left.RemoveRange(0, DaysAtOnce))
        {
            var part = table.Begin(target);
            foreach (var day in left.Take(DaysAtOnce))
            {
                part.Put(LabelRow.From(target, MonitoringKeys.Labels(target, day, batch.Id), batch));
            }
            await part.CommitAsync(ct);
        }
        var last = table.Begin(target);
        foreach (var day in left)
        {
            last.Put(LabelRow.From(target, MonitoringKeys.Labels(target, day, batch.Id), batch));
        }
        var row = LabelRow.Waiting(target, batch, found);
        _ = LabelRow.WaitingIn(row) == 0 ? last.Remove(row.RowKey, tag) : last.Replace(row, tag);
        try
        {
            await last.CommitAsync(ct);
        }
        catch (TableTransactionFailedException changed) when (changed.Status is 404 or 412)
        {
            // Another run was first; it found the same.
        }
    }
}
