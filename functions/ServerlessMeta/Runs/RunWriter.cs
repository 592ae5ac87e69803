using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Runs;

/// <summary>The sessions of the runs that this instance writes, bounded by bytes.</summary>
internal sealed class RunWriter(StorageClients storage, RunReader reader, IOptions<RunsOptions> options, IOptions<RunWatchOptions> watch, TimeProvider time)
{
    private readonly ConcurrentDictionary<RunId, RunSession> sessions = new();
    private readonly long budget = options.Value.CacheMegabytes * 1024L * 1024L;
    private int calls;

    /// <summary>Whether what runs log is watched.</summary>
    public bool IsWatched { get; } = watch.Value.Enabled;

    /// <param name="id">The run.</param>
    /// <param name="apply">Does it, to a state that lacks it.</param>
    /// <param name="points">How many points it logs.</param>
    /// <param name="action">What the audit calls it; null for what changes nothing but points.</param>
    /// <param name="ct">The caller waits no longer; the write goes on.</param>
    public Task<Result<RunInfo>> WriteAsync(RunId id, Func<RunState, Failure?> apply, int points, string? action, CancellationToken ct)
    {
        var intent = new RunIntent(apply, points, action);
        while (!sessions.GetOrAdd(id, NewSession).TryEnqueue(intent))
        {
            sessions.TryRemove(id, out _);
        }
        if (Interlocked.Increment(ref calls) % 64 == 0)
        {
            Trim();
        }
        return intent.Done.WaitAsync(ct);
    }

    /// <summary>Whether this instance saw the run active when it last wrote it.</summary>
    public bool Knows(RunId id) => sessions.TryGetValue(id, out var session) && session.IsActive;

    public void Remember(RunState created)
    {
        var session = NewSession(created.Id);
        session.Seed(created);
        sessions.TryAdd(created.Id, session);
        if (Interlocked.Increment(ref calls) % 64 == 0)
        {
            Trim();
        }
    }

    private RunSession NewSession(RunId id) => new(id, storage, reader, IsWatched, time);

    // Down to three quarters, the least recently used first, so that trimming is rare.
    private void Trim()
    {
        var weight = sessions.Values.Sum(static session => (long)session.Weight);
        if (weight <= budget)
        {
            return;
        }
        // ToArray takes a moment's picture under the dictionary's locks; sorting the dictionary itself would fail when it grows meanwhile.
        foreach (var (id, session) in sessions.ToArray().OrderBy(static pair => pair.Value.LastUsed))
        {
            if (weight <= budget * 3 / 4)
            {
                return;
            }
            if (session.TryRetire())
            {
                weight -= session.Weight;
                sessions.TryRemove(KeyValuePair.Create(id, session));
            }
        }
    }
}
