using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>
/// Joins what comes for one run at once on this instance: while some is taken, the rest waits and is taken in one step, which makes one environment of what would be
/// several, each but the last named by nobody.
/// </summary>
internal sealed class TakingTogether
{
    private readonly Lock gate = new();
    private readonly Dictionary<RunId, Batch> waiting = [];
    private readonly Dictionary<RunId, Batch> last = [];

    /// <summary>Ends when the files are taken, by this call or by another. When that other fails, this one takes its own.</summary>
    public async Task<Result<NotedEnvironment>> AddAsync(
        RunId id, IReadOnlyList<EnvironmentFile> files, Func<IReadOnlyList<EnvironmentFile>, Task<Result<NotedEnvironment>>> take, CancellationToken ct)
    {
        Batch batch;
        Batch? before = null;
        bool isFirst;
        lock (gate)
        {
            isFirst = !waiting.TryGetValue(id, out batch!);
            if (isFirst)
            {
                before = last.GetValueOrDefault(id);
                waiting[id] = last[id] = batch = new Batch();
            }
            batch.Files.AddRange(files);
        }
        if (isFirst)
        {
            return await LeadAsync(id, batch, before, take, ct);
        }
        return await batch.Taken.Task.WaitAsync(ct) ?? await take(files);
    }

    private async Task<Result<NotedEnvironment>> LeadAsync(RunId id, Batch batch, Batch? before, Func<IReadOnlyList<EnvironmentFile>, Task<Result<NotedEnvironment>>> take, CancellationToken ct)
    {
        Result<NotedEnvironment>? taken = null;
        try
        {
            try
            {
                await (before?.Taken.Task.WaitAsync(ct) ?? Task.CompletedTask);
            }
            finally
            {
                lock (gate)
                {
                    waiting.Remove(id);
                }
            }
            taken = await take(batch.Files);
            return taken.Value;
        }
        finally
        {
            lock (gate)
            {
                if (last.GetValueOrDefault(id) == batch)
                {
                    last.Remove(id);
                }
            }
            batch.Taken.SetResult(taken);
        }
    }

    private sealed class Batch
    {
        public List<EnvironmentFile> Files { get; } = [];

        /// <summary>What came of it; null when it failed for whoever took it.</summary>
        public TaskCompletionSource<Result<NotedEnvironment>?> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
