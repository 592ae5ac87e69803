namespace ServerlessMeta.Search;

/// <summary>A field that a query names. For attributes and datasets <paramref name="Key"/> is the canonical name that the dialect's table gives (for example "Status").</summary>
public readonly record struct Field(FieldKind Kind, string Key);
