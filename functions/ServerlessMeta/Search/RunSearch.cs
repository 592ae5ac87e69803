using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using ServerlessMeta.Datasets;
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
    private readonly ExperimentReader experiments;
    private readonly InputBlobs inputs;
    private readonly RunReader reader;
    private readonly long budget;
    private readonly ConcurrentDictionary<ExperimentId, RunIndex> indexes = new();
    private readonly ConcurrentDictionary<ExperimentId, bool> tooLarge = new();
    private long uses;

    internal RunSearch(ExperimentReader experiments, InputBlobs inputs, RunReader reader, IOptions<SearchOptions> options) =>
        (this.experiments, this.inputs, this.reader, budget) = (experiments, inputs, reader, options.Value.IndexMegabytes * 1024L * 1024L);

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
        RunHit? after = token.Value is null ? null : await FindLastAsync(token.Value, readers, ct);
        var ranking = new RunRanking(query, max);
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
        foreach (var (experiment, index) in found)
        {
            if (experiment is null)
            {
                continue;
            }
            if (index is null)
            {
                await ScanAsync(experiment, readers, Offer, ct);
            }
            else
            {
                index.Look(query.Fields, words, (runs, columns) =>
                {
                    for (var slot = 0; slot < runs.Count; slot++)
                    {
                        Offer(experiment, new RunHit(runs[slot], columns, slot, null));
                    }
                });
            }
        }
        var hits = ranking.Take();
        var page = ImmutableArray.CreateBuilder<Run>(hits.Count);
        var parents = found.Where(static pair => pair.Experiment is not null).ToDictionary(static pair => pair.Experiment!.Id, static pair => pair.Experiment!);
        foreach (var run in hits.Select(static hit => hit.Run))
        {
            page.Add(await inputs.FillAsync(run.ToRun(run.StageIn(parents[run.Id.Experiment])), run, ct));
        }
        return new Paged<Run>(page.MoveToImmutable(), ranking.Overflowed && hits.Count > 0 ? PageToken.Write(fingerprint, hits[^1].Run.Id.ToString()) : null);

        void Offer(Experiment experiment, RunHit hit)
        {
            var stage = hit.Run.StageIn(experiment);
            if ((stages is StageFilter.All || (stages is StageFilter.Active) == (stage is LifecycleStage.Active))
                && query.Matches(hit) && (after is not { } last || RunRanking.Compare(query, hit, last) > 0))
            {
                ranking.Offer(hit);
            }
        }
    }

    // The last run of the page before, as it is now.
    private async Task<RunHit?> FindLastAsync(string id, RunFieldReader[] readers, CancellationToken ct) =>
        RunId.TryParse(id, CultureInfo.InvariantCulture, out var run) && await reader.FindAsync(run, ct) is { } record ? new RunHit(record, null, 0, readers) : null;

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
        var index = indexes.GetOrAdd(id, asked => new RunIndex(asked, reader) { Budget = budget });
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
        foreach (var (other, old) in indexes.OrderBy(static pair => pair.Value.LastUsed))
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

    private async Task ScanAsync(Experiment experiment, RunFieldReader[] readers, Action<Experiment, RunHit> offer, CancellationToken ct)
    {
        for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
        {
            await foreach (var run in reader.ListAsync(RunKeys.Partition(experiment.Id, partition), null, null, ct))
            {
                offer(experiment, new RunHit(run, null, 0, readers));
            }
        }
    }
}
