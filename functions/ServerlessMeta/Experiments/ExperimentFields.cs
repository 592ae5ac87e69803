namespace ServerlessMeta.Experiments;

/// <summary>The attributes of an experiment that a query can name; dialects map their own words to these.</summary>
public static class ExperimentFields
{
    /// <summary>A number, so that "10" follows "9".</summary>
    public const string Id = "Id";
    public const string Name = "Name";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "CreatedAt";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "UpdatedAt";
}
