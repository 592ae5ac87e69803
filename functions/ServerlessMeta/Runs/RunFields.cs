namespace ServerlessMeta.Runs;

/// <summary>The attributes of a run that a query can name; dialects map their own words to these.</summary>
public static class RunFields
{
    public const string Id = "Id";
    public const string Name = "Name";
    public const string UserId = "UserId";
    public const string Status = "Status";
    public const string ArtifactLocation = "ArtifactLocation";

    /// <summary>Unix milliseconds.</summary>
    public const string StartedAt = "StartedAt";

    /// <summary>Unix milliseconds; absent while the run goes on.</summary>
    public const string EndedAt = "EndedAt";

    /// <summary>Of datasets: name, digest, context.</summary>
    public const string DatasetName = "Name";
    public const string DatasetDigest = "Digest";
    public const string DatasetContext = "Context";
}
