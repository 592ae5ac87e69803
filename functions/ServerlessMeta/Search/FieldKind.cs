namespace ServerlessMeta.Search;

/// <summary>Where a field of a filter lives.</summary>
public enum FieldKind
{
    Attribute,
    Metric,
    Param,
    Tag,
    Dataset,

    /// <summary>A package of the run's environment.</summary>
    Package,
}
