using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// Searches runs. Each experiment's runs are indexed in memory and the index is refreshed before it is asked; an experiment that does not fit is
/// scanned instead. Either way a run that was written before the search began is found as it is.
/// </summary>
public sealed class RunSearch
{
    private const int Parallel = 16;
    private static readonly RunWords NoWords = new(static _ => "", static _ => "", "");
    private const int ScanChunk = 1000;
    private readonly ExperimentReader experiments;
    private readonly InputBlobs inputs;
    private readonly RunReader reader;
    private readonly IndexBlobs indexBlobs;
    private readonly EnvironmentCatalog environments;
    private readonly long budget;
    private readonly ConcurrentDictionary<ExperimentId, RunIndex> indexes = new();
    private readonly ConcurrentDictionary<ExperimentId, bool> tooLarge = new();
    private long uses;

    internal RunSearch(ExperimentReader experiments, InputBlobs inputs, RunReader reader, IndexBlobs indexBlobs, EnvironmentCatalog environments, IOptions<SearchOptions> options) =>
        (this.experiments, this.inputs, this.reader, this.indexBlobs, this.environments, budget) =
            (experiments, inputs, reader, indexBlobs, environments, options.Value.IndexMegabytes * 1024L * 1024L);

    /// <summary>
    /// Runs of the experiments that match, ordered by the query, ties by start time (latest first), then id. Experiments that do not exist have no runs.
    /// A page continues behind the last run of the page before it, wherever that run then stands.
    /// </summary>
    public async Task<Result<Paged<Run>>> SearchAsync(
        ImmutableArray<ExperimentId> within, RecordQuery query, RunWords words, StageFilter stages, int max, string? pageToken, CancellationToken ct)
    {
        var fingerprint = $"runs\n{string.Join(',', within)}\n{stages}\n{query.Fingerprint}";
        var token = PageToken.Read(fingerprint, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        var readers = query.Fields.Select(field => new RunFieldReader(field, words)).ToArray();
        var packages = new PackageVersions(environments, query.Fields);
        RunHit? after = token.Value is null ? null : await FindLastAsync(token.Value, readers, packages, ct);
        if (token.Value is not null && after is null)
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names no run");
        }
        var found = await OpenAllAsync(within, ct);
        var (hits, more) = (new List<RunHit>(), false);
        foreach (var (experiment, index) in found)
        {
            var ranking = new RunRanking(query, max, after);
            // Ranked while the index stands still: afterwards its columns may change, but no record does.
            hits.AddRange(index is null
                ? await ScanAsync(experiment, stages, readers, packages, ranking, ct)
                : (await RankAsync(experiment, stages, index, query.Fields, words, packages, ranking, ct)).Select(hit => new RunHit(hit.Run, readers, packages)));
            more |= ranking.Overflowed;
        }
        if (found.Count > 1)
        {
            hits.Sort((x, y) => RunRanking.Compare(query, x, y));
        }
        var page = await FillAsync(hits.Take(max), found.ToDictionary(static pair => pair.Experiment.Id, static pair => pair.Experiment), ct);
        return new Paged<Run>(page, (more || hits.Count > max) && max > 0 ? PageToken.Write(fingerprint, page[^1].Info.Id.ToString()) : null);
    }

    /// <summary>An experiment's runs as a table, not older than this call; null when there is no such experiment.</summary>
    internal async Task<RunTable?> OpenTableAsync(ExperimentId id, RunWords words, CancellationToken ct) =>
        await OpenAsync(id, ct) is ({ } experiment, var index) ? new RunTable(experiment, index, words, environments, stop => ScanAsync(experiment, stop)) : null;

    /// <summary>
    /// The datasets that runs of the experiments read, deleted runs too, each once in each context; by experiment as given, then name, digest and context.
    /// </summary>
    public async Task<ImmutableArray<DatasetSummary>> ListDatasetsAsync(ImmutableArray<ExperimentId> within, string contextTag, int max, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<DatasetSummary>();
        foreach (var (experiment, index) in await OpenAllAsync(within, ct))
        {
            var datasets = new HashSet<DatasetSummary>();
            // Records do not change, so they are read when the index may move on.
            foreach (var run in index?.Look([], NoWords, static (runs, _) => runs.Where(static run => run.Inputs.Length > 0).ToList()) ?? [])
            {
                datasets.UnionWith(SummariesOf(run, contextTag));
            }
            if (index is null)
            {
                await foreach (var run in ScanAsync(experiment, ct))
                {
                    datasets.UnionWith(SummariesOf(run, contextTag));
                }
            }
            found.AddRange(datasets.OrderBy(static one => one.Name, StringComparer.Ordinal).ThenBy(static one => one.Digest, StringComparer.Ordinal).ThenBy(static one => one.Context, StringComparer.Ordinal));
        }
        return [.. found.Take(max)];
    }

    /// <summary>
    /// How the runs of an experiment stand, and which changed since a mark; null when there is no such experiment. Of one that is too large for an index it is seen when a run is first written and
    /// when it has cooled, not each write between.
    /// </summary>
    internal async Task<ExperimentChanges?> ChangesAsync(ExperimentId id, ulong? since, CancellationToken ct)
    {
        var (experiment, index) = await OpenAsync(id, ct);
        if (experiment is null)
        {
            return null;
        }
        if (index is not null)
        {
            var (known, changed) = index.Changes(since);
            return new ExperimentChanges(experiment, known, changed);
        }
        var hot = await Task.WhenAll(Enumerable.Range(0, 1 << experiment.PartitionBits).Select(partition => reader.ReadHotAsync(RunKeys.Partition(id, partition), ct)));
        var mark = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', hot.Select(static one => $"{one.Cold}:{string.Join(',', one.Hot)}")))));
        return new ExperimentChanges(experiment, mark, since is null || since == mark ? [] : null);
    }

    /// <summary>The runs of experiments that have a text in their name, params or tags, the newest first; only so many of the newest runs of each are looked at.</summary>
    /// <param name="max">How many are wanted.</param>
    internal async Task<ImmutableArray<FoundText>> FindTextAsync(ImmutableArray<ExperimentId> within, string text, int max, CancellationToken ct)
    {
        var found = new List<FoundText>();
        foreach (var (experiment, index) in await OpenAllAsync(within, ct))
        {
            // An experiment without an index would have to be read whole.
            found.AddRange(index?.Look([], NoWords, static (runs, _) => runs.ToList()).Where(run => run.StageIn(experiment) is LifecycleStage.Active)
                .OrderByDescending(static run => run.StartedAt).Take(FoundText.MostLookedAt).Select(run => FoundText.In(run, experiment, text)).OfType<FoundText>().Take(max) ?? []);
        }
        return [.. found.OrderByDescending(static one => one.Run.StartedAt).Take(max)];
    }

    private static IEnumerable<DatasetSummary> SummariesOf(RunRecord run, string contextTag)
    {
        foreach (var dataset in run.Datasets)
        {
            var contexts = dataset.Tags.Where(tag => tag.Key == contextTag).Select(static string? (tag) => tag.Value).DefaultIfEmpty();
            foreach (var context in contexts)
            {
                yield return new DatasetSummary(run.Id.Experiment, dataset.Name, dataset.Digest, context);
            }
        }
    }

    // Looks again while runs have environments that were not read yet: those that came in between, too.
    private static async Task<List<RunHit>> RankAsync(
        Experiment experiment, StageFilter stages, RunIndex index, ImmutableArray<Field> fields, RunWords words, PackageVersions packages, RunRanking ranking, CancellationToken ct)
    {
        while (true)
        {
            var (hits, unknown) = index.Look(fields, words, (runs, columns) =>
            {
                var unknown = packages.FirstField < 0 ? [] : packages.Unknown(Enumerable.Range(0, runs.Count).Select(slot => columns[packages.FirstField].Text(slot)));
                return (unknown.Count > 0 ? [] : Rank(experiment, stages, runs, columns, packages, ranking), unknown);
            });
            if (unknown.Count == 0)
            {
                return hits;
            }
            await packages.LoadAsync(unknown, ct);
        }
    }

    private static List<RunHit> Rank(Experiment experiment, StageFilter stages, IReadOnlyList<RunRecord> runs, RunColumn[] columns, PackageVersions packages, RunRanking ranking)
    {
        for (var slot = 0; slot < runs.Count; slot++)
        {
            if (IsIn(stages, runs[slot].StageIn(experiment)))
            {
                ranking.Offer(new RunHit(runs[slot], columns, slot, packages));
            }
        }
        return ranking.Take();
    }

    internal static bool IsIn(StageFilter stages, LifecycleStage stage) =>
        stages is StageFilter.All || (stages is StageFilter.Active) == (stage is LifecycleStage.Active);

    private async Task<ImmutableArray<Run>> FillAsync(IEnumerable<RunHit> hits, Dictionary<ExperimentId, Experiment> parents, CancellationToken ct)
    {
        var page = ImmutableArray.CreateBuilder<Run>();
        foreach (var run in hits.Select(static hit => hit.Run))
        {
            page.Add(await inputs.FillAsync(run.ToRun(run.StageIn(parents[run.Id.Experiment])), run, ct));
        }
        return page.ToImmutable();
    }

    // The last run of the page before, as it is now.
    private async Task<RunHit?> FindLastAsync(string id, RunFieldReader[] readers, PackageVersions packages, CancellationToken ct)
    {
        if (!RunId.TryParse(id, CultureInfo.InvariantCulture, out var run) || await reader.FindAsync(run, ct) is not { } record)
        {
            return null;
        }
        await LoadAsync([record], packages, ct);
        return new RunHit(record, readers, packages);
    }

    private static Task LoadAsync(IEnumerable<RunRecord> runs, PackageVersions packages, CancellationToken ct) =>
        packages.FirstField < 0 ? Task.CompletedTask : packages.LoadAsync(packages.Unknown(runs.Select(static run => run.EnvironmentDigest)), ct);

    // The experiments that exist.
    private async Task<List<(Experiment Experiment, RunIndex? Index)>> OpenAllAsync(ImmutableArray<ExperimentId> within, CancellationToken ct)
    {
        using var slim = new SemaphoreSlim(Parallel);
        var found = await Task.WhenAll(within.Distinct().Select(async id =>
        {
            await slim.WaitAsync(ct);
            try
            {
                return await OpenAsync(id, ct);
            }
            finally
            {
                slim.Release();
            }
        }));
        return [.. found.Where(static pair => pair.Experiment is not null).Select(static pair => (pair.Experiment!, pair.Index))];
    }

    // The experiment and its refreshed index, both not older than this call; no index when the experiment is too large for one.
    private async Task<(Experiment? Experiment, RunIndex? Index)> OpenAsync(ExperimentId id, CancellationToken ct)
    {
        var known = indexes.GetValueOrDefault(id);
        if (known is { Partitions: > 0 })
        {
            var reading = experiments.FindAsync(id, ct);
            var refreshing = known.RefreshAsync(ct);
            var experiment = await reading;
            var complete = await refreshing;
            if (experiment is not null && 1 << experiment.PartitionBits <= known.Partitions)
            {
                return (experiment, Keep(id, known, complete));
            }
        }
        if (await experiments.FindAsync(id, ct) is not { } found)
        {
            return (null, null);
        }
        if (tooLarge.ContainsKey(id))
        {
            return (found, null);
        }
        var index = indexes.GetOrAdd(id, asked => new RunIndex(asked, reader, indexBlobs, budget));
        index.Partitions = 1 << found.PartitionBits;
        return (found, Keep(id, index, await index.RefreshAsync(ct)));
    }

    private RunIndex? Keep(ExperimentId id, RunIndex index, bool complete)
    {
        index.LastUsed = Interlocked.Increment(ref uses);
        if (!complete)
        {
            // Runs are never removed, so it stays too large.
            tooLarge[id] = true;
            indexes.TryRemove(KeyValuePair.Create(id, index));
            return null;
        }
        foreach (var (other, old) in indexes.ToArray().OrderBy(static pair => pair.Value.LastUsed))
        {
            if (indexes.Values.Sum(static one => one.Weight) <= budget)
            {
                break;
            }
            if (other != id)
            {
                indexes.TryRemove(KeyValuePair.Create(other, old));
            }
        }
        return index;
    }

    private async Task<List<RunHit>> ScanAsync(Experiment experiment, StageFilter stages, RunFieldReader[] readers, PackageVersions packages, RunRanking ranking, CancellationToken ct)
    {
        await foreach (var runs in ScanAsync(experiment, ct).Where(run => IsIn(stages, run.StageIn(experiment))).Chunk(ScanChunk).WithCancellation(ct))
        {
            await LoadAsync(runs, packages, ct);
            foreach (var run in runs)
            {
                ranking.Offer(new RunHit(run, readers, packages));
            }
        }
        return ranking.Take();
    }

    private async IAsyncEnumerable<RunRecord> ScanAsync(Experiment experiment, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
        {
            await foreach (var run in reader.ListAsync(RunKeys.Partition(experiment.Id, partition), null, null, ct))
            {
                yield return run;
            }
        }
    }
}
