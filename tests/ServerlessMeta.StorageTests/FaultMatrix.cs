using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests;

/// <summary>Fails each request of a change, one after the other: before or after it took effect, alone or with all its retries.</summary>
public static class FaultMatrix
{
    // More than a change takes, for one that lost its way sends others.
    private const int Requests = 6;

    // What every change sends at least: it reads and it commits.
    private const int Least = 2;

    /// <summary>Each call with each way to fail: whether after it took effect, and how many retries fail too.</summary>
    public static TheoryData<string, bool, int> Of(params string[] calls)
    {
        var all = new TheoryData<string, bool, int>();
        foreach (var call in calls)
        {
            all.Add(call, false, 0);
            all.Add(call, true, 0);
            all.Add(call, false, 2);
            all.Add(call, true, 2);
        }
        return all;
    }

    /// <param name="store">Nothing fails here.</param>
    /// <param name="afterEffect">Whether a request fails after it took effect.</param>
    /// <param name="retries">How many of its retries fail too.</param>
    /// <param name="beginAsync">Prepares the change, on a subject of its own: takes which request will fail, and the instance whose requests do.</param>
    public static async Task RunAsync(Instance store, bool afterEffect, int retries, Func<int, Instance, Task<FaultCase>> beginAsync)
    {
        for (var n = 1; n <= Requests; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var faulty = await store.AnotherAsync(faults);
            var change = await beginAsync(n, faulty);

            faults.Arm(n);
            var answered = await TryAsync(change.CallAsync);
            Assert.True(faults.Struck || n > Least, $"Request {n} was never sent.");
            faults.Arm(int.MaxValue);

            await change.CheckAsync(answered);
            await change.RepeatAsync();
        }
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage))
        {
            return false;
        }
    }
}
