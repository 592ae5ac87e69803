namespace ServerlessMeta.Models;

/// <summary>The attributes of models and versions that a query can name; dialects map their own words to these.</summary>
public static class RegistryFields
{
    /// <summary>The model's name.</summary>
    public const string Name = "Name";

    /// <summary>Unix milliseconds.</summary>
    public const string CreatedAt = "CreatedAt";

    /// <summary>Unix milliseconds.</summary>
    public const string UpdatedAt = "UpdatedAt";

    public const string Owner = "Owner";

    /// <summary>A version's number.</summary>
    public const string Number = "Number";

    public const string Run = "Run";

    public const string LoggedModel = "LoggedModel";

    /// <summary>A version's source, as it was given.</summary>
    public const string Source = "Source";

    /// <summary>A version's stage, by the name of <see cref="ModelStage"/>.</summary>
    public const string Stage = "Stage";

    /// <summary>Who registered it.</summary>
    public const string Author = "Author";
}
