namespace ServerlessMeta.Audit;

/// <summary>The checkpoints as they lie in storage.</summary>
internal sealed class AuditSeals
{
    private readonly SealedHeads none = new();

    public Task<SealedHeads> ReadAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(none);
    }
}
