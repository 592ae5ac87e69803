namespace ServerlessMeta.Search;

internal enum TokenKind
{
    /// <summary>An unquoted word: a keyword, an attribute, nan or inf.</summary>
    Word,

    /// <summary>A field with its prefix.</summary>
    Path,

    SingleQuoted,
    DoubleQuoted,
    BackQuoted,
    Number,

    /// <summary>A run of comparison signs, known or not.</summary>
    Sign,

    Open,
    Close,
    Comma,
    End,
    Invalid,
}
