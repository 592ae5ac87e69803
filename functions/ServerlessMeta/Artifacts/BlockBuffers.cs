using System.Collections.Concurrent;

namespace ServerlessMeta.Artifacts;

/// <summary>The blocks through which uploads stream: so many in all, whatever comes at once.</summary>
internal sealed class BlockBuffers : IDisposable
{
    public const int BlockBytes = 8 * 1024 * 1024;

    private const int Blocks = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim free = new(Blocks);
    private readonly ConcurrentBag<byte[]> pool = [];

    /// <summary>A block; null when none became free in time.</summary>
    public async Task<byte[]?> RentAsync(CancellationToken ct) =>
        await free.WaitAsync(Patience, ct) ? pool.TryTake(out var block) ? block : GC.AllocateUninitializedArray<byte>(BlockBytes) : null;

    public void Return(byte[] block)
    {
        pool.Add(block);
        free.Release();
    }

    public void Dispose() => free.Dispose();
}
