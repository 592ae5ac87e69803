namespace ServerlessMeta.Search;

/// <summary>A token and where it stands. <paramref name="Text"/> is unquoted; <paramref name="Prefix"/> is that of a path.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text, string? Prefix = null)
{
    public bool Is(string keyword) => Kind is TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
