namespace ServerlessMeta.Platform;

/// <summary>How long a write waits after it lost to another writer, before it reads again: the longer, the more often it lost, and never as long as another, so that writers come apart.</summary>
internal static class BackOff
{
    /// <summary>How long a write may go on losing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="time">The clock that waits.</param>
    /// <param name="started">When the write began, as the clock stamps it.</param>
    /// <param name="attempt">How often it lost before.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>False, at once, when it lost for longer than <see cref="Patience"/>.</returns>
    public static async Task<bool> WaitAsync(TimeProvider time, long started, int attempt, CancellationToken ct)
    {
        if (time.GetElapsedTime(started) > Patience)
        {
            return false;
        }
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(100, 4 << Math.Min(attempt, 5))), time, ct);
        return true;
    }
}
