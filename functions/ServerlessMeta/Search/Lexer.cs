using System.Text;

namespace ServerlessMeta.Search;

/// <summary>
/// Splits a filter or an order into tokens. Quotes are ', " and `; a doubled quote inside stands for one. A backslash is an ordinary character:
/// a value such as 'C:\' ends where it seems to end.
/// </summary>
internal sealed class Lexer(string source)
{
    private int at;

    public Token Next()
    {
        while (at < source.Length && char.IsWhiteSpace(source[at])) at++;
        if (at == source.Length) return new Token(TokenKind.End, at, at, "");

        var start = at;
        var c = source[at];
        if (QueryText.StartsWord(c)) return Word(start);
        if (char.IsAsciiDigit(c) || c is '-' or '+' or '.') return Number(start);
        return c switch
        {
            '\'' or '"' or '`' => Quoted(start),
            '<' or '>' or '=' or '!' or '~' => Sign(start),
            '(' => Single(TokenKind.Open),
            ')' => Single(TokenKind.Close),
            ',' => Single(TokenKind.Comma),
            _ => Invalid(start),
        };
    }

    private char Peek(int offset) => at + offset < source.Length ? source[at + offset] : '\0';

    private Token Make(TokenKind kind, int start) => new(kind, start, at, source[start..at]);

    private Token Single(TokenKind kind)
    {
        at++;
        return Make(kind, at - 1);
    }

    /// <summary>Nothing after an invalid token is read.</summary>
    private Token Invalid(int start)
    {
        at = source.Length;
        return new Token(TokenKind.Invalid, start, at, "");
    }

    private void SkipWord()
    {
        while (at < source.Length && QueryText.IsWordPart(source[at])) at++;
    }

    private Token Word(int start)
    {
        SkipWord();
        return Peek(0) == '.' ? Path(start, source[start..at]) : Make(TokenKind.Word, start);
    }

    private Token Path(int start, string prefix)
    {
        at++;
        if (Peek(0) is '"' or '`')
        {
            return Unquote() is { } quoted && !IsGlued() ? new Token(TokenKind.Path, start, at, quoted, prefix) : Invalid(start);
        }

        var key = at;
        SkipWord();
        while (at > key && Peek(0) == '.' && QueryText.IsWordPart(Peek(1)))
        {
            at++;
            SkipWord();
        }

        return at > key && !IsGlued() ? new Token(TokenKind.Path, start, at, source[key..at], prefix) : Invalid(start);
    }

    private Token Quoted(int start)
    {
        var quote = source[at];
        if (Unquote() is not { } text) return Invalid(start);
        if (quote != '\'' && Peek(0) == '.') return Path(start, text);
        if (IsGlued()) return Invalid(start);
        return new Token(quote switch { '\'' => TokenKind.SingleQuoted, '"' => TokenKind.DoubleQuoted, _ => TokenKind.BackQuoted }, start, at, text);
    }

    /// <summary>A quote, a word or a dot right behind a name or a text: the writer meant something else.</summary>
    private bool IsGlued() => Peek(0) is '\'' or '"' or '`' or '.' || QueryText.IsWordPart(Peek(0));

    private string? Unquote()
    {
        var quote = source[at++];
        var text = new StringBuilder();
        while (at < source.Length)
        {
            var c = source[at++];
            if (c == quote)
            {
                if (Peek(0) != quote) return text.ToString();
                at++;
            }

            text.Append(c);
        }

        return null;
    }

    private Token Sign(int start)
    {
        while (Peek(0) is '<' or '>' or '=' or '!' or '~') at++;
        return Make(TokenKind.Sign, start);
    }

    private Token Number(int start)
    {
        if (Peek(0) is '-' or '+') at++;
        if (QueryText.StartsWord(Peek(0)))
        {
            var word = at;
            SkipWord();
            return Numbers.IsWord(source.AsSpan(word, at - word)) && !IsGlued() ? Make(TokenKind.Number, start) : Invalid(start);
        }

        SkipDigits();
        if (Peek(0) == '.')
        {
            at++;
            SkipDigits();
        }

        if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '-' or '+' && char.IsAsciiDigit(Peek(2)))))
        {
            at += 2;
            SkipDigits();
        }

        return !IsGlued() && Numbers.TryParse(source.AsSpan(start, at - start), out _) ? Make(TokenKind.Number, start) : Invalid(start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(0))) at++;
    }
}
