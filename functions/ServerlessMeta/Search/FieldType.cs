namespace ServerlessMeta.Search;

/// <summary>What the values of an attribute are.</summary>
public enum FieldType
{
    Text,
    Number,
    Version,
}
