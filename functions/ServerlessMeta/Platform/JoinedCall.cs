namespace ServerlessMeta.Platform;

/// <summary>
/// Joins concurrent reads of one thing without ever answering from before the question: a caller shares only a read that starts after
/// the caller came. At most one read runs and one waits.
/// </summary>
internal sealed class JoinedCall<T>(Func<Task<T>> read)
{
    private readonly Lock gate = new();
    private Task<T>? running;
    private Task<T>? waiting;

    public Task<T> RunAsync()
    {
        lock (gate)
        {
            if (running is null or { IsCompleted: true } && waiting is null)
            {
                return running = StartAsync();
            }
            return waiting ??= NextAsync(running!);
        }
    }

    // Off the caller's lock and execution context: what the read costs belongs to whoever starts it, but must not run inside the lock.
    private async Task<T> StartAsync()
    {
        await Task.Yield();
        return await read();
    }

    private async Task<T> NextAsync(Task<T> before)
    {
        await Task.Yield();
        await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        lock (gate)
        {
            running = waiting;
            waiting = null;
        }
        return await read();
    }
}
