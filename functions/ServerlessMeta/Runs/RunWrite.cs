using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Runs;

/// <summary>
/// One write of a run, planned from its <see cref="RunState"/>: most often a merge of the new tail property and the touched chunks into the run's row.
/// When the tail is full the row is replaced: a light tail is packed into fewer properties, a heavy one moves into segment rows (a spill).
/// </summary>
internal sealed class RunWrite
{
    // A tail of many small properties is packed anew; only from here on it is worth segments.
    private const int SpillBytes = RunRow.TailBytes / 2;
    private const int SpillRows = 90;

    // As base64 with the fullest row under the 4 MiB of a request.
    private const int SpillTotalBytes = 2 * 1024 * 1024;

    private readonly RunState state;
    private readonly string partition;
    private readonly TableEntity home;
    private readonly Dictionary<string, TableEntity> beside = new(StringComparer.Ordinal);
    private readonly List<TableEntity> segments = [];
    private readonly AuditTrail trail;
    private readonly ImmutableArray<TableEntity> entries = [];
    private readonly ImmutableArray<TableEntity> receipts;
    private readonly ImmutableArray<TableEntity> anomalies;
    private readonly bool isNew;
    private bool replace;

    /// <param name="state">The run as it is to be.</param>
    /// <param name="id">The id of the write.</param>
    /// <param name="at">When, for the audit.</param>
    /// <param name="isNew">Whether the run is made by it.</param>
    /// <param name="messages">By which the changes came, each once.</param>
    public RunWrite(RunState state, string id, DateTimeOffset at, bool isNew, params IEnumerable<Receipt> messages)
    {
        this.state = state;
        this.isNew = isNew;
        Id = id;
        Revision = state.Revision + 1;
        Sequence = state.Sequence;
        Tail = state.Tail;
        SegmentsDigest = state.SegmentsDigest;
        trail = new AuditTrail(state.Id.ToString(), $"run:{state.Id}", state.Audit.Head);
        partition = RunKeys.Partition(state.Id);
        home = new TableEntity(partition, RunKeys.Run(state.Id)) { [WriteId.Property] = id, ["rev"] = Revision };
        receipts = [.. messages.Select(Receipted)];
        anomalies = [.. RunAnomalyRow.From(partition, state.Id, Revision, at, state.Watch.Found)];
        // Rows beside first: what they take, a spill must leave.
        PlanChunks(inHome: false);
        PlanTail();
        PlanEntries(at);
        entries = trail.Fits ? [.. trail.Rows(partition, id)] : [];
        PlanHome();
    }

    /// <summary>Whether it keeps Azure's limits. When not, too much was changed at once.</summary>
    public bool Fits => trail.Fits && TableLimits.Fit([home, new TableEntity(partition, RunKeys.HotRun(state.Id)), .. receipts, .. anomalies, .. beside.Values, .. segments, .. entries]);

    public string Id { get; }

    public long Revision { get; }

    public int Sequence { get; private set; }

    public List<byte[]> Tail { get; private set; }

    /// <summary>The digest of the segments after this write.</summary>
    public byte[]? SegmentsDigest { get; private set; }

    /// <summary>Whether it stores what the watch remembers: also whenever points leave the run's row, or change their places there.</summary>
    public bool StoresWatch { get; private set; }

    /// <summary>The end of the run's chain of entries after this write.</summary>
    public AuditHead Head => trail.Head;

    public async Task<ETag> SendAsync(TableClient table, CancellationToken ct)
    {
        if (!isNew && !replace && state.Hot && beside.Count + entries.Length + receipts.Length + anomalies.Length == 0)
        {
            TableLimits.Weigh(home);
            return (await table.UpdateEntityAsync(home, state.ETag, TableUpdateMode.Merge, ct)).Headers.ETag!.Value;
        }
        var transaction = new GroupTransaction(table, partition);
        if (isNew)
        {
            transaction.Add(home);
        }
        else if (replace)
        {
            transaction.Replace(home, state.ETag);
        }
        else
        {
            transaction.Merge(home, state.ETag);
        }
        // Right behind the run's own row, so that a step which lost names the receipt that it met.
        foreach (var row in receipts)
        {
            transaction.Add(row);
        }
        if (!state.Hot)
        {
            transaction.Put(new TableEntity(partition, RunKeys.HotRun(state.Id)));
        }
        foreach (var row in beside.Values)
        {
            transaction.PutInto(row);
        }
        foreach (var row in segments)
        {
            transaction.Put(row);
        }
        foreach (var row in anomalies)
        {
            transaction.Put(row);
        }
        foreach (var row in entries)
        {
            transaction.Add(row);
        }
        return (await transaction.CommitAsync(ct))[0];
    }

    /// <summary>The key of the receipt that a transaction which lost met: that message was applied before. Null when it lost to something else.</summary>
    public string? ReceiptMet(RequestFailedException lost) =>
        lost is TableTransactionFailedException { Status: 409, FailedTransactionActionIndex: { } step } && step > 0 && step <= receipts.Length ? receipts[step - 1].RowKey : null;

    // It names the write, for whose write it was may be asked when the answer was lost.
    private TableEntity Receipted(Receipt message)
    {
        var row = message.In(partition);
        row[WriteId.Property] = Id;
        return row;
    }

    // One for each caller who changed the record. Who ends the run has all its points named.
    private void PlanEntries(DateTimeOffset at)
    {
        foreach (var intent in state.Audit.Intents)
        {
            trail.Record(intent.By, at, intent.Action, intent.Rows, intent.Name, intent.Ends && SegmentsDigest is { } spilled
                ?
                [
                    new(RunRow.PointsDetail, PointsDigest.Of(spilled, Tail)),
                    new(RunRow.RevisionDetail, Revision.ToString(CultureInfo.InvariantCulture)),
                    .. intent.Details,
                ]
                : intent.Details);
        }
    }

    private void PlanTail()
    {
        if (state.Pending.Count == 0)
        {
            return;
        }
        var added = TailCodec.Encode(state.Pending);
        var bytes = state.Tail.Sum(static property => property.Length) + added.Sum(static property => property.Length);
        if (state.Tail.Count + added.Count <= RunRow.TailProperties && bytes <= RunRow.TailBytes)
        {
            Tail = [.. state.Tail, .. added];
            return;
        }
        replace = true;
        var points = new List<KeyedPoint>();
        foreach (var property in state.Tail)
        {
            TailCodec.Decode(property, points);
        }
        points.AddRange(state.Pending);
        Tail = TailCodec.Encode(bytes < SpillBytes ? points.Distinct() : Spill(points));
    }

    // Moves the points of as many groups as one transaction takes into segment rows; what is left stays in the tail.
    private List<KeyedPoint> Spill(List<KeyedPoint> points)
    {
        var left = new List<KeyedPoint>();
        var bytes = beside.Values.Sum(static row => row.Sum(static property => 32 + ((property.Value as byte[])?.Length ?? 0)));
        var most = Math.Min(SpillRows, TableLimits.TransactionRows - 4 - beside.Count - receipts.Length - anomalies.Length);
        foreach (var group in points.GroupBy(static point => Segments.GroupOf(point.Ordinal)).OrderByDescending(static group => group.Count()))
        {
            var rows = segments.Count < most ? Segments.Pack(group) : [];
            var size = rows.Sum(static row => row.Sum(static property => 32 + ((property.Value as byte[])?.Length ?? 0)));
            if (rows.Count == 0 || segments.Count + rows.Count > most || bytes + size > SpillTotalBytes)
            {
                left.AddRange(group);
                continue;
            }
            bytes += size;
            foreach (var row in rows)
            {
                row.PartitionKey = partition;
                row.RowKey = RunKeys.Segment(state.Id, group.Key, ++Sequence);
                segments.Add(row);
                SegmentsDigest = SegmentsDigest is { } before ? PointsDigest.With(before, row) : null;
            }
        }
        return left;
    }

    private void PlanHome()
    {
        if (isNew || replace)
        {
            home["v"] = RunRow.Schema;
            home["seq"] = Sequence;
            foreach (var (name, value) in state.AllInfo())
            {
                home[name] = value;
            }
            if (SegmentsDigest is { } spilled && Sequence > 0)
            {
                home[RunRow.SegmentsDigest] = spilled;
            }
        }
        else
        {
            foreach (var (name, value) in state.Changed)
            {
                home[name] = value;
            }
        }
        if (trail.Head.Number > 0 && (replace || !trail.IsEmpty))
        {
            trail.Head.Write(home);
        }
        if (isNew || replace || !state.Hot)
        {
            home["hot"] = true;
        }
        for (var number = replace || isNew ? 0 : state.Tail.Count; number < Tail.Count; number++)
        {
            home[RunRow.Tail(number)] = Tail[number];
        }
        PlanChunks(inHome: true);
        StoresWatch = replace || state.Watch.IsDue;
        if (StoresWatch)
        {
            foreach (var (number, chunk) in state.Watch.Pack(Tail.Count, state.Latest.Count).Index())
            {
                home[RunRow.Watch(number)] = chunk;
            }
        }
    }

    private void PlanChunks(bool inHome)
    {
        PlanChunks(inHome, 'p', state.Params.ChunkCount, state.Params.Touched, state.Params.Chunk);
        PlanChunks(inHome, 'g', state.Tags.ChunkCount, state.Tags.Touched, state.Tags.Chunk);
        PlanChunks(inHome, 'd', state.Inputs.ChunkCount, state.Inputs.Touched, state.Inputs.Chunk);
        PlanChunks(inHome, 'm', state.Latest.ChunkCount, state.Latest.Touched, state.Latest.Chunk);
    }

    private void PlanChunks(bool inHome, char kind, int count, IReadOnlySet<int> touched, Func<int, byte[]> chunk)
    {
        if (inHome && (touched.Count > 0 || (replace && count > 0)))
        {
            home[RunRow.CountOf(kind)] = count;
        }
        for (var number = 0; number < count; number++)
        {
            if (number < RunRow.Home(kind) != inHome || (!touched.Contains(number) && !(replace && inHome)))
            {
                continue;
            }
            var (rowKey, property) = RunRow.Place(state.Id, kind, number);
            var row = home;
            if (rowKey is not null && !beside.TryGetValue(rowKey, out row))
            {
                beside[rowKey] = row = new TableEntity(partition, rowKey) { ["rev"] = Revision };
            }
            row![property] = chunk(number);
        }
    }
}
