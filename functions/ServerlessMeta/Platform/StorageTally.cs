namespace ServerlessMeta.Platform;

/// <summary>What a request spent on storage so far. Thread-safe.</summary>
public sealed class StorageTally
{
    private long tableOperations, tableTicks, blobOperations, blobTicks;

    public long TableOperations => Interlocked.Read(ref tableOperations);

    public double TableMilliseconds => TimeSpan.FromTicks(Interlocked.Read(ref tableTicks)).TotalMilliseconds;

    public long BlobOperations => Interlocked.Read(ref blobOperations);

    public double BlobMilliseconds => TimeSpan.FromTicks(Interlocked.Read(ref blobTicks)).TotalMilliseconds;

    public void AddTable(TimeSpan took)
    {
        Interlocked.Increment(ref tableOperations);
        Interlocked.Add(ref tableTicks, took.Ticks);
    }

    public void AddBlob(TimeSpan took)
    {
        Interlocked.Increment(ref blobOperations);
        Interlocked.Add(ref blobTicks, took.Ticks);
    }

    public void Add(StorageTally other)
    {
        Interlocked.Add(ref tableOperations, other.TableOperations);
        Interlocked.Add(ref tableTicks, Interlocked.Read(ref other.tableTicks));
        Interlocked.Add(ref blobOperations, other.BlobOperations);
        Interlocked.Add(ref blobTicks, Interlocked.Read(ref other.blobTicks));
    }
}
