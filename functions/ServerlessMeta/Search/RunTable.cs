using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// One experiment's runs as a table shows them: what a query finds, in its order, a part at a time. An order is kept until a run changes, so whoever scrolls sorts nothing. An experiment that does not fit
/// in memory is scanned each time, and shows the first <see cref="MostScanned"/> of what is found.
/// </summary>
internal sealed class RunTable
{
    public const int MostScanned = 10_000;

    // Names that only few runs of very many have may be missed; completion and choices need no more.
    private const int MostLookedAt = 5_000;

    private readonly RunIndex? index;
    private readonly RunWords words;
    private readonly EnvironmentCatalog environments;
    private readonly Func<CancellationToken, IAsyncEnumerable<RunRecord>> scan;

    internal RunTable(Experiment experiment, RunIndex? index, RunWords words, EnvironmentCatalog environments, Func<CancellationToken, IAsyncEnumerable<RunRecord>> scan) =>
        (Experiment, this.index, this.words, this.environments, this.scan, Position) =
            (experiment, index, words, environments, scan, index is null ? null : SearchLive.PositionOf(experiment, index.Changes(null).Mark));

    public Experiment Experiment { get; }

    /// <summary>How it stood when it was opened, for whoever follows it from here on; null: not known, since it does not fit in memory.</summary>
    public string? Position { get; }

    /// <summary>Which metrics, params and tags the runs have, each kind with those of more runs first: of all, or of an even sample of very many.</summary>
    public async Task<ImmutableArray<FieldUse>> FieldsAsync(CancellationToken ct) => index is null
        ? FieldUses.Of(await scan(ct).Take(MostLookedAt).ToListAsync(ct))
        : index.Look([], words, (runs, _) =>
        {
            index.Ranked.Settle(index.Revision);
            return index.Ranked.Fields ??= FieldUses.Of(Sample(runs));
        });

    /// <summary>How many runs there are that are not deleted, and how many that are.</summary>
    public async Task<(int Active, int Deleted)> CountAsync(CancellationToken ct)
    {
        var stages = index is null
            ? await scan(ct).Select(run => run.StageIn(Experiment)).ToListAsync(ct)
            : index.Look([], words, (runs, _) => runs.Select(run => run.StageIn(Experiment)).ToList());
        var active = stages.Count(static stage => stage is LifecycleStage.Active);
        return (active, stages.Count - active);
    }

    /// <summary>The runs from one place in the order on.</summary>
    /// <param name="query">What is found, in which order.</param>
    /// <param name="stages">Deleted ones, or those that are not.</param>
    /// <param name="from">How many stand before.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="measured">The columns whose ranges are wanted.</param>
    /// <param name="ct">Gives up.</param>
    public Task<RunWindow> WindowAsync(RecordQuery query, StageFilter stages, int from, int count, ImmutableArray<Field> measured, CancellationToken ct) =>
        LookAsync(query, stages, measured, (total, kept, at, ranges) => new RunWindow(
            total,
            from,
            [.. Enumerable.Range(0, kept).Skip(from).Take(count).Select(place => at(place).Run).Select(run => run.ToRun(run.StageIn(Experiment)))],
            [.. measured.Select((field, column) => RangeOf(field, query.Fields.Length + column, kept, at, ranges))]), ct);

    /// <summary>The runs by what they have in a field: the largest group first.</summary>
    public Task<ImmutableArray<RunGroup>> GroupAsync(RecordQuery query, StageFilter stages, Field by, ImmutableArray<Field> measured, int max, CancellationToken ct) =>
        LookAsync(query, stages, [by, .. measured], (_, kept, at, _) =>
        {
            var groups = new Dictionary<(bool Has, string Value), GroupSum>();
            var column = query.Fields.Length;
            for (var place = 0; place < kept; place++)
            {
                var run = at(place);
                var value = run.Text(column);
                var key = (value is not null, value ?? "");
                if (!groups.TryGetValue(key, out var sum))
                {
                    groups[key] = sum = new GroupSum(measured.Length);
                }
                sum.Add(run, column + 1);
            }
            return groups.OrderByDescending(static pair => pair.Value.Runs).ThenBy(static pair => pair.Key.Value, StringComparer.Ordinal).Take(max)
                .Select(static pair => new RunGroup(pair.Key.Has ? pair.Key.Value : null, pair.Value.Runs, pair.Value.Figures)).ToImmutableArray();
        }, ct);

    /// <summary>What runs that are not deleted have in a field of texts, that of more runs first; of an experiment that does not fit in memory, some of its runs.</summary>
    public async Task<ImmutableArray<string>> ValuesAsync(Field field, int max, Func<string, bool> wanted, CancellationToken ct)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        if (index is null)
        {
            var reader = new RunFieldReader(field, words);
            await foreach (var run in scan(ct).Take(MostLookedAt).WithCancellation(ct))
            {
                Count(run, reader.Text(run));
            }
        }
        else
        {
            index.Look([field], words, (runs, columns) =>
            {
                for (var slot = 0; slot < runs.Count; slot++)
                {
                    Count(runs[slot], columns[0].Text(slot));
                }
                return 0;
            });
        }
        return [.. counts.Where(one => wanted(one.Key)).OrderByDescending(static one => one.Value).ThenBy(static one => one.Key, StringComparer.Ordinal).Take(max).Select(static one => one.Key)];

        void Count(RunRecord run, string? value)
        {
            if (value is not null && run.StageIn(Experiment) is LifecycleStage.Active)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;
            }
        }
    }

    /// <summary>All that a query finds, in its order; in no order from an experiment that does not fit in memory.</summary>
    public async IAsyncEnumerable<RunRecord> ListAsync(RecordQuery query, StageFilter stages, [EnumeratorCancellation] CancellationToken ct)
    {
        if (index is null)
        {
            await foreach (var run in MatchAsync(query, stages, ct))
            {
                yield return run.Run;
            }
            yield break;
        }
        // Records do not change, so they are read while the index moves on.
        foreach (var run in await LookAsync(query, stages, [], static (_, kept, at, _) => Enumerable.Range(0, kept).Select(place => at(place).Run).ToArray(), ct))
        {
            yield return run;
        }
    }

    private async Task<T> LookAsync<T>(
        RecordQuery query, StageFilter stages, ImmutableArray<Field> more, Func<int, int, Func<int, RunHit>, Dictionary<Field, ValueRange?>, T> use, CancellationToken ct)
    {
        if (index is null)
        {
            return await ScanAsync(query, stages, more, use, ct);
        }
        var packages = new PackageVersions(environments, query.Fields);
        var key = new RankedKey(query.Fingerprint, words, stages, Experiment.Stage, Experiment.Epoch);
        while (true)
        {
            var (seen, unknown) = index.Look([.. query.Fields, .. more], words, (runs, columns) =>
            {
                var unknown = packages.FirstField < 0 || index.Ranked.Has(key, index.Revision)
                    ? [] : packages.Unknown(Enumerable.Range(0, runs.Count).Select(slot => columns[packages.FirstField].Text(slot)));
                if (unknown.Count > 0)
                {
                    return (default(T), unknown);
                }
                RunHit At(int slot) => new(runs[slot], columns, slot, packages);
                var ranked = index.Ranked.Get(key, index.Revision, () => RankedRuns.Of(query, Matching(query, stages, runs, At), At));
                return (use(ranked.Slots.Length, ranked.Slots.Length, place => At(ranked.Slots[place]), ranked.Ranges), unknown);
            });
            if (unknown.Count == 0)
            {
                return seen!;
            }
            await packages.LoadAsync(unknown, ct);
        }
    }

    private async Task<T> ScanAsync<T>(
        RecordQuery query, StageFilter stages, ImmutableArray<Field> more, Func<int, int, Func<int, RunHit>, Dictionary<Field, ValueRange?>, T> use, CancellationToken ct)
    {
        var (ranking, total) = (new RunRanking(query, MostScanned, null), 0);
        await foreach (var run in MatchAsync(query, stages, ct))
        {
            ranking.Offer(run);
            total++;
        }
        RunFieldReader[] readers = [.. query.Fields.Concat(more).Select(field => new RunFieldReader(field, words))];
        var kept = ranking.Take();
        return use(total, kept.Count, place => new RunHit(kept[place].Run, readers), []);
    }

    private async IAsyncEnumerable<RunHit> MatchAsync(RecordQuery query, StageFilter stages, [EnumeratorCancellation] CancellationToken ct)
    {
        const int AtOnce = 1000;
        var packages = new PackageVersions(environments, query.Fields);
        RunFieldReader[] readers = [.. query.Fields.Select(field => new RunFieldReader(field, words))];
        await foreach (var runs in scan(ct).Where(run => RunSearch.IsIn(stages, run.StageIn(Experiment))).Chunk(AtOnce).WithCancellation(ct))
        {
            if (packages.FirstField >= 0)
            {
                await packages.LoadAsync(packages.Unknown(runs.Select(static run => run.EnvironmentDigest)), ct);
            }
            foreach (var run in runs.Select(run => new RunHit(run, readers, packages)).Where(run => query.Matches(run)))
            {
                yield return run;
            }
        }
    }

    private List<int> Matching(RecordQuery query, StageFilter stages, IReadOnlyList<RunRecord> runs, Func<int, RunHit> at)
    {
        var matching = new List<int>();
        for (var slot = 0; slot < runs.Count; slot++)
        {
            if (RunSearch.IsIn(stages, runs[slot].StageIn(Experiment)) && query.Matches(at(slot)))
            {
                matching.Add(slot);
            }
        }
        return matching;
    }

    private static ValueRange? RangeOf(Field field, int column, int count, Func<int, RunHit> at, Dictionary<Field, ValueRange?> known)
    {
        if (known.TryGetValue(field, out var range))
        {
            return range;
        }
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var place = 0; place < count; place++)
        {
            if (at(place).TryNumber(column, out var value) && double.IsFinite(value))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }
        return known[field] = low <= high ? new ValueRange(low, high) : null;
    }

    private static IEnumerable<RunRecord> Sample(IReadOnlyList<RunRecord> runs)
    {
        var step = Math.Max(1, (runs.Count + MostLookedAt - 1) / MostLookedAt);
        for (var slot = runs.Count - 1; slot >= 0; slot -= step)
        {
            yield return runs[slot];
        }
    }
}
