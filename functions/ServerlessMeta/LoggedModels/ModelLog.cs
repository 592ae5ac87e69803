using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// Logs points that belong to logged models as well as to their run. The run is the truth: each model is read first, so that a refusal stores nothing; then the
/// run is written, then the models. Only then is it answered; a call that failed in between may be repeated whole, for points are set members.
/// </summary>
public sealed class ModelLog
{
    // Models of one call that are written side by side.
    private const int Parallel = 16;

    private readonly RunStore runs;
    private readonly LoggedModelStore models;

    internal ModelLog(RunStore runs, LoggedModelStore models) => (this.runs, this.models) = (runs, models);

    /// <summary>Without models it is the run's write alone; each model adds one operation before it and one behind.</summary>
    public async Task<Result<RunInfo>> LogAsync(RunId run, RunLog log, IReadOnlyDictionary<LoggedModelId, ImmutableArray<ModelMetric>> metrics, CancellationToken ct)
    {
        var prepared = await ForAllAsync(metrics, async pair => await models.PrepareAsync(pair.Key, pair.Value, ct), ct);
        if (prepared.FirstOrDefault(static one => !one.IsOk).Failure is { } refused)
        {
            return refused;
        }
        var logged = await runs.LogAsync(run, log, ct);
        if (!logged.IsOk)
        {
            return logged;
        }
        var written = await ForAllAsync(prepared, async one => await models.LogAsync(one.Value, metrics[one.Value.Id], CancellationToken.None), CancellationToken.None);
        return written.FirstOrDefault(static one => !one.IsOk).Failure is { } lost ? lost : logged;
    }

    private static async Task<TResult[]> ForAllAsync<T, TResult>(IReadOnlyCollection<T> items, Func<T, Task<TResult>> act, CancellationToken ct)
    {
        using var side = new SemaphoreSlim(Parallel);
        return await Task.WhenAll(items.Select(async item =>
        {
            await side.WaitAsync(ct);
            try
            {
                return await act(item);
            }
            finally
            {
                side.Release();
            }
        }));
    }
}
