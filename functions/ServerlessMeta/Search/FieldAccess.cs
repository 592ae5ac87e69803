namespace ServerlessMeta.Search;

/// <summary>How a step reads its field.</summary>
internal enum FieldAccess
{
    Number,
    Text,

    /// <summary>A text that must be a number to match.</summary>
    TextAsNumber,

    /// <summary>Any of many texts.</summary>
    AnyText,

    /// <summary>A package's version, or only whether there is the package.</summary>
    Version,

    /// <summary>No value, only whether there is none.</summary>
    Absence,
}
