namespace ServerlessMeta.Platform;

/// <summary>Which stages a search answers.</summary>
public enum StageFilter
{
    Active,
    Deleted,
    All,
}
