using ServerlessMeta.Experiments;

namespace ServerlessMeta.Search;

/// <summary>Opens the runs of an experiment as a table. The first experiment is made when it is first asked for, here as everywhere.</summary>
internal sealed class RunTables(RunSearch search, ExperimentStore experiments)
{
    /// <summary>A table not older than this call; null when there is no such experiment.</summary>
    public async Task<RunTable?> OpenAsync(ExperimentId id, RunWords words, CancellationToken ct) =>
        await search.OpenTableAsync(id, words, ct)
        ?? (id == ExperimentId.Default && await experiments.FindAsync(id, ct) is not null ? await search.OpenTableAsync(id, words, ct) : null);
}
