using System.Collections.Immutable;
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

    private readonly ExperimentId experiment;
    private readonly RunReader reader;
    private readonly long budget;
    private readonly JoinedCall<bool> refresh;
    private readonly Lock gate = new();
    private readonly List<RunRecord> runs = [];
    private readonly Dictionary<RunId, int> slots = [];
    private readonly Dictionary<(Field, RunWords), RunColumn> columns = [];
    private readonly Dictionary<int, long> cursors = [];
    private SortedSet<RunId>[] order = [];
    private int partitions;
    private long uses;
    private long stateBytes;
    private long columnBytes;

    /// <param name="experiment">Whose runs.</param>
    /// <param name="reader">Reads them.</param>
    /// <param name="budget">What the index may weigh; beyond, it gives up and <see cref="RefreshAsync(CancellationToken)"/> answers false.</param>
    public RunIndex(ExperimentId experiment, RunReader reader, long budget)
    {
        (this.experiment, this.reader, this.budget) = (experiment, reader, budget);
        refresh = new JoinedCall<bool>(RefreshAllAsync);
    }

    /// <summary>About what the index takes in memory, in bytes.</summary>
    public long Weight => Interlocked.Read(ref stateBytes) + Interlocked.Read(ref columnBytes);

    public long LastUsed { get; set; }

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
                if (!columns.TryGetValue((fields[i], words), out var column))
                {
                    columns[(fields[i], words)] = column = new RunColumn(new RunFieldReader(fields[i], words));
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
        long cursor;
        bool loaded;
        lock (gate)
        {
            loaded = cursors.TryGetValue(partition, out cursor);
        }
        if (!loaded)
        {
            // The cursor first: what cools during the load is in the log beyond it.
            cursor = (await reader.ReadHotAsync(key, CancellationToken.None)).Cold;
            if (!await LoadAsync(key))
            {
                return false;
            }
        }
        var (hot, cold) = await reader.ReadHotAsync(key, CancellationToken.None);
        var wanted = new List<RunId>(hot);
        if (cold > cursor)
        {
            if (await reader.ReadColdAsync(key, cursor, cold, CancellationToken.None) is { } cooled)
            {
                wanted.AddRange(Stale(cooled));
            }
            else if (!await LoadAsync(key))
            {
                return false;
            }
        }
        await ReadAsync(key, wanted);
        lock (gate)
        {
            cursors[partition] = cold;
        }
        return Interlocked.Read(ref stateBytes) <= budget;
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

    private async Task ReadAsync(string partition, List<RunId> wanted)
    {
        var stretches = Stretches(wanted);
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
                slots[run.Id] = runs.Count;
                runs.Add(run);
                stateBytes += run.Weight;
                Remember(run.Id);
            }
            else if (runs[slot].Revision < run.Revision)
            {
                stateBytes += run.Weight - runs[slot].Weight;
                runs[slot] = run;
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
