namespace ServerlessMeta.LoggedModels;

/// <summary>A dataset by name, with any digest or with the given one.</summary>
public sealed record DatasetFilter(string Name, string? Digest)
{
    public bool Holds(ModelMetric metric) => metric.DatasetName == Name && (Digest is null || metric.DatasetDigest == Digest);
}
