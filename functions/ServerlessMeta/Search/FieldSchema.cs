namespace ServerlessMeta.Search;

/// <summary>The fields that a dialect allows in a query.</summary>
public sealed class FieldSchema;
