using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// The labels of a target, while it is computed: joins predictions with what is known of them, and notes which labels found their prediction, and on which day. A label of a greater version counts
/// before one of a less; of the same version the one that was known first.
/// </summary>
internal sealed class LabelBook(MonitoringTable table, MonitoringContents contents, Watched watched)
{
    // Labels that are kept in memory for the next window.
    private const long MostKept = 2_000_000;

    // Clocks and time zones of those who send labels are not always those of the predictions.
    private const int DaysAround = 1;

    private readonly string partition = MonitoringKeys.Partition(watched.Target);
    private readonly Dictionary<string, ImmutableArray<PostedLabel>> read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WaitingLabels> waiting = new(StringComparer.Ordinal);
    private long kept;
    private bool isListed;

    /// <summary>The predictions of a window with their labels; an operation for the days of the window, and one for each batch that was not read before.</summary>
    /// <param name="window">The window.</param>
    /// <param name="predictions">Its predictions, each id once.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ImmutableArray<JoinedPrediction>> JoinAsync(MonitoredWindow window, ImmutableArray<JoinedPrediction> predictions, CancellationToken ct)
    {
        if (predictions.IsEmpty)
        {
            return predictions;
        }
        var places = new Dictionary<string, int>(predictions.Length, StringComparer.Ordinal);
        for (var place = 0; place < predictions.Length; place++)
        {
            places[predictions[place].Id] = place;
        }
        var best = predictions.Select(static one => one.Label is { } label ? new Candidate(label, 0, one.LabelAt ?? one.At, "", 0) : null).ToArray();
        foreach (var (batch, isPlaced) in await BatchesAsync(window, ct))
        {
            var labels = await LabelsAsync(batch, ct);
            var wait = waiting.GetValueOrDefault(batch.Id);
            for (var number = 0; number < labels.Length; number++)
            {
                if (!places.TryGetValue(labels[number].PredictionId, out var place))
                {
                    continue;
                }
                wait?.Find(number, DayOf(window, predictions[place].At), isPlaced);
                var candidate = new Candidate(labels[number].Label, labels[number].Version, labels[number].LabelledAt ?? batch.ReceivedAt, batch.Id, number);
                best[place] = best[place] is { } other && other.Precedes(candidate) ? other : candidate;
            }
        }
        var joined = ImmutableArray.CreateBuilder<JoinedPrediction>(predictions.Length);
        for (var place = 0; place < predictions.Length; place++)
        {
            joined.Add(best[place] is { } found ? predictions[place] with { Label = found.Label, LabelAt = found.At } : predictions[place]);
        }
        return joined.MoveToImmutable();
    }

    /// <summary>Notes which labels found their predictions; before a window counts as computed, for it is not looked at again.</summary>
    /// <param name="ct">Gives up.</param>
    public async Task FlushAsync(CancellationToken ct)
    {
        foreach (var one in waiting.Values.Where(static one => one.HasChanged))
        {
            await one.CommitAsync(table, watched.Target, ct);
        }
    }

    /// <summary>Lets go of labels that waited long enough, also when no window was joined; and notes when to look at the others, when it was time to look, or the time may be another now.</summary>
    /// <param name="now">The present.</param>
    /// <param name="marks">Why the target is looked at.</param>
    /// <param name="ct">Gives up.</param>
    public async Task ExpireAsync(DateTimeOffset now, ImmutableArray<ChangeMark> marks, CancellationToken ct)
    {
        await ListAsync(ct);
        var lag = watched.Options.Analysis.MaxLabelLag;
        var left = new List<LabelBatch>();
        foreach (var one in waiting.Values.Where(static one => !one.IsGone))
        {
            if (one.HasChanged || now < one.Batch.WaitsUntil(lag) || !await TryRemoveAsync(one, ct))
            {
                left.Add(one.Batch);
            }
        }
        var isAsked = marks.Any(static mark => MonitoringKeys.KindOfChange(mark.RowKey) is 'e' or 'b');
        var next = isAsked && left.Count > 0 ? MonitoringKeys.ExpiringLabels(watched.Target, left.Min(one => one.WaitsUntil(lag))) : null;
        if (next is not null)
        {
            await table.Client.UpsertEntityAsync(new TableEntity(partition, next), TableUpdateMode.Replace, ct);
        }
        await ChangeMarks.RemoveAsync(table, watched.Target, marks.Where(mark => MonitoringKeys.KindOfChange(mark.RowKey) is 'e' && mark.RowKey != next), ct);
    }

    // False: somebody else wrote it meanwhile.
    private async Task<bool> TryRemoveAsync(WaitingLabels expired, CancellationToken ct)
    {
        try
        {
            await table.Client.DeleteEntityAsync(partition, MonitoringKeys.Waiting(watched.Target, expired.Batch.ReceivedOn, expired.Batch.Id), expired.Tag, ct);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return changed.Status is 404;
        }
    }

    private async Task ListAsync(CancellationToken ct)
    {
        if (isListed)
        {
            return;
        }
        foreach (var row in await table.ListAsync(partition, MonitoringKeys.WaitingOf(watched.Target, null, null), null, ct))
        {
            var batch = LabelRow.To(row);
            waiting[batch.Id] = new WaitingLabels(batch, LabelRow.FoundIn(row), row.ETag);
        }
        isListed = true;
    }

    // Each with whether a day of the window has it.
    private async Task<List<(LabelBatch Batch, bool IsPlaced)>> BatchesAsync(MonitoredWindow window, CancellationToken ct)
    {
        await ListAsync(ct);
        // Predictions without a time of their own have that of the first window that found their labels, which may overlap this one.
        var start = watched.Options.Analysis.Schema.Time is null ? window.Start - watched.Longest : window.Start;
        var (first, last) = (DayOf(start).AddDays(-DaysAround), DayOf(window.End).AddDays(DaysAround));
        var lag = watched.Options.Analysis.MaxLabelLag;
        var since = DayOf(window.Start < window.ReceivedAt - lag ? window.Start : window.ReceivedAt - lag);
        var until = DayOf(window.LabelsUntil(lag));
        var batches = new Dictionary<string, (LabelBatch Batch, bool IsPlaced)>(StringComparer.Ordinal);
        foreach (var row in await table.ListAsync(partition, MonitoringKeys.LabelsOf(watched.Target, first, last), null, ct))
        {
            var batch = LabelRow.To(row);
            batches[batch.Id] = (batch, true);
        }
        foreach (var one in waiting.Values.Where(one => one.Batch.IsUnplaced && one.Batch.ReceivedOn >= since && one.Batch.ReceivedOn <= until))
        {
            batches.TryAdd(one.Batch.Id, (one.Batch, false));
        }
        return [.. batches.Values.OrderBy(static one => one.Batch.Id, StringComparer.Ordinal)];
    }

    private async Task<ImmutableArray<PostedLabel>> LabelsAsync(LabelBatch batch, CancellationToken ct)
    {
        if (read.TryGetValue(batch.Blob, out var known))
        {
            return known;
        }
        var labels = LabelCodec.Read(await contents.ReadAsync(batch.Blob, ct));
        if (kept + labels.Length > MostKept)
        {
            read.Clear();
            kept = 0;
        }
        read[batch.Blob] = labels;
        kept += labels.Length;
        return labels;
    }

    // A time outside of the window would not be looked at when the window is computed again.
    private static DateOnly DayOf(MonitoredWindow window, DateTimeOffset at) => DayOf(at < window.Start ? window.Start : at >= window.End ? window.End : at);

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private sealed record Candidate(string Label, long Version, DateTimeOffset At, string Batch, int Number)
    {
        /// <summary>Whether it counts before another; the rows' own label comes before those of batches that were known at the same time.</summary>
        public bool Precedes(Candidate other) =>
            Version != other.Version ? Version > other.Version
            : At != other.At ? At < other.At
            : string.CompareOrdinal(Batch, other.Batch) is var order && (order < 0 || (order == 0 && Number <= other.Number));
    }
}
