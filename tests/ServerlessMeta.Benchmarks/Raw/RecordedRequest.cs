namespace ServerlessMeta.Benchmarks.Raw;

/// <summary>A request that an instance of the store sent to Azurite.</summary>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public bool IsBatch => Target.EndsWith("/$batch", StringComparison.Ordinal);
}
