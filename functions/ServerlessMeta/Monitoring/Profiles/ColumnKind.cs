namespace ServerlessMeta.Monitoring.Profiles;

public enum ColumnKind
{
    Numeric,

    /// <summary>Words, booleans, and whole numbers of few distinct values.</summary>
    Categorical,
}
