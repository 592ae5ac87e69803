using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// The run states of one experiment in memory, refreshed before each search so that it is exact: hot runs are read again, and those that cooled since
/// the cursor. No clock takes part. Concurrent searches share a refresh that starts after they came.
/// </summary>
internal sealed class RunIndex
{
    // A stretch of neighbouring ids is read by one range query when it has at most so many other runs in between.
    private const int StrayRuns = 32;
    private const int MaxColumns = 64;
    private const int FewHot = 8;

    // So many cooled runs, or a fifth of all, beyond the saved index.
    private const int WorthSaving = 1000;

    private readonly ExperimentId experiment;
    private readonly RunReader reader;
    private readonly IndexBlobs blobs;
    private readonly long budget;
    private readonly JoinedCall<bool> refresh;
    private readonly Lock gate = new();
    private readonly List<RunRecord> runs = [];
    private readonly Dictionary<RunId, int> slots = [];
    private readonly Dictionary<(Field, RunWords), RunColumn> columns = [];
    private readonly Dictionary<int, long> cursors = [];
    private readonly Dictionary<int, int> unsaved = [];
    private readonly ConcurrentDictionary<int, ImmutableArray<RunId>> hotBefore = new();
    private readonly RunChangeLog log = new();
    private SortedSet<RunId>[] order = [];
    private int partitions;
    private long uses;
    private long stateBytes;
    private long columnBytes;

    /// <param name="experiment">Whose runs.</param>
    /// <param name="reader">Reads them.</param>
    /// <param name="blobs">Where an index is saved for instances that begin.</param>
    /// <param name="budget">What the index may weigh; beyond, it gives up and <see cref="RefreshAsync(CancellationToken)"/> answers false.</param>
    public RunIndex(ExperimentId experiment, RunReader reader, IndexBlobs blobs, long budget)
    {
        (this.experiment, this.reader, this.blobs, this.budget) = (experiment, reader, blobs, budget);
        refresh = new JoinedCall<bool>(RefreshAllAsync);
    }

    /// <summary>About what the index takes in memory, in bytes.</summary>
    public long Weight => Interlocked.Read(ref stateBytes) + Interlocked.Read(ref columnBytes);

    public long LastUsed { get; set; }

    /// <summary>Counts changes of runs; stands still inside <see cref="Look"/>.</summary>
    public long Revision { get; private set; }

    /// <summary>What was ranked before; for use inside <see cref="Look"/>.</summary>
    public RankedCache Ranked { get; } = new();

    /// <summary>How many partitions of the experiment are read; never falls.</summary>
    public int Partitions
    {
        get => partitions;
        set => partitions = Math.Max(partitions, value);
    }

    /// <summary>Brings the index up to a state that is not older than this call; false when the experiment is larger than the budget.</summary>
    public Task<bool> RefreshAsync(CancellationToken ct) => refresh.RunAsync().WaitAsync(ct);

    /// <summary>Lets <paramref name="use"/> look at the runs and the columns of these fields, while nothing changes them.</summary>
    public T Look<T>(ImmutableArray<Field> fields, RunWords words, Func<IReadOnlyList<RunRecord>, RunColumn[], T> use)
    {
        lock (gate)
        {
            uses++;
            var wanted = new RunColumn[fields.Length];
            for (var i = 0; i < fields.Length; i++)
            {
                // Whichever package is asked for, the column has the digest of the environment.
                var field = fields[i].Kind is FieldKind.Package ? new Field(FieldKind.Package, "") : fields[i];
                if (!columns.TryGetValue((field, words), out var column))
                {
                    columns[(field, words)] = column = new RunColumn(new RunFieldReader(field, words));
                }
                column.LastUsed = uses;
                column.Fill(runs);
                wanted[i] = column;
            }
            var seen = use(runs, wanted);
            DropColumns();
            return seen;
        }
    }

    /// <summary>A mark of what the index holds, and the runs that changed since another; null when that is not known.</summary>
    public (ulong Mark, ImmutableArray<RunRecord>? Changed) Changes(ulong? since)
    {
        lock (gate)
        {
            var changed = since is { } mark ? log.Since(mark) : [];
            return (log.Mark, changed is null ? null : [.. changed.Select(run => runs[slots[run]])]);
        }
    }

    // Columns are made again when they are asked for; the states must stay.
    private void DropColumns()
    {
        columnBytes = columns.Values.Sum(static column => column.Weight);
        while (columns.Count > MaxColumns || (columns.Count > 0 && stateBytes + columnBytes > budget))
        {
            var (key, column) = columns.MinBy(static pair => pair.Value.LastUsed);
            columns.Remove(key);
            columnBytes -= column.Weight;
        }
    }

    private async Task<bool> RefreshAllAsync()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(RefreshAsync));
        return all.All(static complete => complete);
    }

    private async Task<bool> RefreshAsync(int partition)
    {
        var key = RunKeys.Partition(experiment, partition);
        var (loaded, cursor) = CursorOf(partition);
        var beginning = loaded ? null : blobs.FindAsync(experiment, partition, CancellationToken.None);
        // Few runs were hot at the last look: most likely they still are, so they are read beside the question which ones are.
        var guess = hotBefore.TryGetValue(partition, out var before) && before.Length <= FewHot ? before : [];
        var guessing = ReadAsync(key, guess);
        var (hot, cold) = await reader.ReadHotAsync(key, CancellationToken.None);
        await guessing;
        if (beginning is not null && await beginning is { } saved)
        {
            saved.Runs.ForEach(Put);
            (loaded, cursor) = (true, saved.Cursor);
        }
        var cooled = !loaded || cold < cursor ? null : cold == cursor ? [] : await reader.ReadColdAsync(key, cursor, cold, CancellationToken.None);
        if (cooled is null)
        {
            // What is read from here on is not older than the search; what cools meanwhile is in the log beyond the cursor.
            if (!await LoadAsync(key))
            {
                return false;
            }
            Advance(partition, cold, CountOf(partition) - hot.Length);
            return true;
        }
        await ReadAsync(key, [.. hot.Except(guess), .. Stale(cooled)]);
        hotBefore[partition] = hot;
        Advance(partition, cold, cooled.Count);
        return Interlocked.Read(ref stateBytes) <= budget;
    }

    private (bool Loaded, long Cursor) CursorOf(int partition)
    {
        lock (gate)
        {
            return (cursors.TryGetValue(partition, out var cursor), cursor);
        }
    }

    private int CountOf(int partition)
    {
        lock (gate)
        {
            return partition < order.Length ? order[partition].Count : 0;
        }
    }

    // Saved when a new instance would have much to read beyond what is saved.
    private void Advance(int partition, long cursor, int cooled)
    {
        List<RunRecord> snapshot;
        lock (gate)
        {
            cursors[partition] = cursor;
            var beyond = unsaved[partition] = unsaved.GetValueOrDefault(partition) + cooled;
            if (beyond < Math.Max(WorthSaving, runs.Count / 5))
            {
                return;
            }
            unsaved[partition] = 0;
            snapshot = [.. runs.Where(run => run.Id.Partition == partition)];
        }
        _ = SaveAsync(partition, cursor, snapshot);
    }

    private async Task SaveAsync(int partition, long cursor, List<RunRecord> snapshot)
    {
        // No search waits for it, or pays for it.
        await Task.Yield();
        using var apart = StorageMeter.Begin();
        try
        {
            await blobs.SaveAsync(experiment, partition, cursor, snapshot, CancellationToken.None);
        }
        catch (Exception failed) when (failed is RequestFailedException || Outage.IsAmbiguous(failed))
        {
            // A saved index only spares work: the next one that is worth it comes.
        }
    }

    private List<RunId> Stale(List<(RunId Id, long Revision)> cooled)
    {
        lock (gate)
        {
            return [.. cooled.Where(run => !slots.TryGetValue(run.Id, out var slot) || runs[slot].Revision < run.Revision).Select(static run => run.Id)];
        }
    }

    private async Task<bool> LoadAsync(string partition)
    {
        await foreach (var run in reader.ListAsync(partition, null, null, CancellationToken.None))
        {
            Put(run);
            if (Interlocked.Read(ref stateBytes) > budget)
            {
                return false;
            }
        }
        return true;
    }

    private async Task ReadAsync(string partition, IEnumerable<RunId> wanted)
    {
        var stretches = Stretches([.. wanted]);
        using var slim = new SemaphoreSlim(16);
        await Task.WhenAll(stretches.Select(async stretch =>
        {
            await slim.WaitAsync(CancellationToken.None);
            try
            {
                if (stretch.First == stretch.Last)
                {
                    if (await reader.FindAsync(stretch.First, CancellationToken.None) is { } run)
                    {
                        Put(run);
                    }
                    return;
                }
                await foreach (var run in reader.ListAsync(partition, stretch.First, stretch.Last, CancellationToken.None))
                {
                    Put(run);
                }
            }
            finally
            {
                slim.Release();
            }
        }));
    }

    // Runs written together were most often made together, so they are neighbours by id: one query instead of many reads.
    private List<(RunId First, RunId Last)> Stretches(List<RunId> wanted)
    {
        var stretches = new List<(RunId First, RunId Last)>();
        wanted.Sort();
        lock (gate)
        {
            foreach (var run in wanted)
            {
                if (stretches.Count > 0 && Between(stretches[^1].Last, run) <= StrayRuns)
                {
                    stretches[^1] = (stretches[^1].First, run);
                }
                else
                {
                    stretches.Add((run, run));
                }
            }
        }
        return stretches;
    }

    private int Between(RunId first, RunId last)
    {
        if (order.Length == 0 || first.Partition >= order.Length)
        {
            return 0;
        }
        var between = 0;
        foreach (var _ in order[first.Partition].GetViewBetween(first, last))
        {
            if (++between > StrayRuns + 2)
            {
                break;
            }
        }
        return Math.Max(0, between - 2);
    }

    // A newer revision that another refresh brought stays.
    private void Put(RunRecord run)
    {
        lock (gate)
        {
            if (!slots.TryGetValue(run.Id, out var slot))
            {
                log.Take(run, null);
                slots[run.Id] = runs.Count;
                runs.Add(run);
                Revision++;
                stateBytes += run.Weight;
                Remember(run.Id);
            }
            else if (runs[slot].Revision < run.Revision)
            {
                log.Take(run, runs[slot]);
                stateBytes += run.Weight - runs[slot].Weight;
                runs[slot] = run;
                Revision++;
                foreach (var column in columns.Values)
                {
                    column.Change(slot, run);
                }
            }
        }
    }

    private void Remember(RunId run)
    {
        while (order.Length <= run.Partition)
        {
            order = [.. order, []];
        }
        order[run.Partition].Add(run);
    }
}
