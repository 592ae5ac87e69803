namespace ServerlessMeta.Platform;

/// <summary>Counts the storage operations of the current request, or of whatever began a count.</summary>
public static class StorageMeter
{
    private static readonly AsyncLocal<StorageTally?> Ambient = new();

    public static StorageTally? Current => Ambient.Value;

    /// <summary>Counts from here on in this flow, until the scope is disposed.</summary>
    public static Scope Begin()
    {
        var scope = new Scope(new StorageTally(), Ambient.Value);
        Ambient.Value = scope.Tally;
        return scope;
    }

    public readonly record struct Scope(StorageTally Tally, StorageTally? Before) : IDisposable
    {
        public void Dispose() => Ambient.Value = Before;
    }
}
