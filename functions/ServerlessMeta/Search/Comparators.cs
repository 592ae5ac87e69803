namespace ServerlessMeta.Search;

/// <summary>What a clause asks of a field; as a set, what a field allows.</summary>
[Flags]
public enum Comparators
{
    None = 0,
    Equal = 1,
    NotEqual = 1 << 1,
    Less = 1 << 2,
    LessOrEqual = 1 << 3,
    Greater = 1 << 4,
    GreaterOrEqual = 1 << 5,
    Like = 1 << 6,
    ILike = 1 << 7,
    In = 1 << 8,
    NotIn = 1 << 9,
    Between = 1 << 10,
    IsNull = 1 << 11,
    IsNotNull = 1 << 12,

    /// <summary>All that makes sense for a number.</summary>
    Number = Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual | In | NotIn | Between,

    /// <summary>A text compared with one text.</summary>
    Text = Equal | NotEqual | Like | ILike,

    /// <summary>A text compared with one text or a list.</summary>
    TextOrList = Text | In | NotIn,

    /// <summary>A text that may be missing.</summary>
    OptionalText = Text | IsNull | IsNotNull,

    /// <summary>A version that may be missing.</summary>
    Version = Number | Text | IsNull | IsNotNull,
}
