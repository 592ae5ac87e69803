namespace ServerlessMeta.LoggedModels;

/// <summary>The attributes of a logged model that a query can name; dialects map their own words to these.</summary>
public static class LoggedModelFields
{
    public const string Id = "Id";
    public const string Name = "Name";
    public const string Type = "Type";
    public const string Status = "Status";
    public const string SourceRunId = "SourceRunId";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "CreatedAt";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "UpdatedAt";
}
