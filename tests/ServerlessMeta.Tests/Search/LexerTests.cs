using CsCheck;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

public sealed class LexerTests
{
    [Theory]
    [InlineData("metrics.loss>=-1.5e-3", "Path Sign Number")]
    [InlineData("a IN ('x',\"y\",`z`)", "Word Word Open SingleQuoted Comma DoubleQuoted Comma BackQuoted Close")]
    [InlineData("tags.a.b.c=''", "Path Sign SingleQuoted")]
    [InlineData("\"run name\"='x'", "DoubleQuoted Sign SingleQuoted")]
    [InlineData("`a b`.\"c d\"", "Path")]
    [InlineData("a\t\r\n b", "Word Word")]
    [InlineData("été ≠", "Word Invalid")]
    [InlineData("-nan +INF -Infinity nan", "Number Number Number Word")]
    [InlineData("1 1. .1 1e5 1E+5 -1", "Number Number Number Number Number Number")]
    [InlineData("metrics.1", "Path")]
    [InlineData("'a''b' 'c", "SingleQuoted Invalid")]
    [InlineData(".", "Invalid")]
    [InlineData("1e", "Invalid")]
    [InlineData("1a", "Invalid")]
    [InlineData("'a'b", "Invalid")]
    [InlineData("a.'b'", "Invalid")]
    [InlineData("a.b.", "Invalid")]
    [InlineData("a..b", "Invalid")]
    [InlineData("-word", "Invalid")]
    [InlineData("\0", "Invalid")]
    [InlineData("", "")]
    public void Text_is_split_into_tokens(string text, string kinds) => Assert.Equal(kinds, string.Join(' ', Tokens(text).Select(static token => token.Kind)));

    [Theory]
    [InlineData("'a''b'", "a'b")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    [InlineData("`a``b`", "a`b")]
    [InlineData("'a\\'", "a\\")]
    [InlineData("'\n'", "\n")]
    [InlineData("''", "")]
    public void A_doubled_quote_is_one_and_a_backslash_is_ordinary(string text, string value) => Assert.Equal(value, Assert.Single(Tokens(text)).Text);

    [Fact]
    public void Any_text_is_split_to_its_end() => Fragments.Text.Sample(static text =>
    {
        var tokens = Tokens(text);
        Assert.All(tokens, token => Assert.InRange(token.Start, 0, token.End - 1));
        Assert.Equal(tokens.Select(static token => token.Start).Order(), tokens.Select(static token => token.Start));
    });

    private static List<Token> Tokens(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        while (lexer.Next() is { Kind: not TokenKind.End } token)
        {
            tokens.Add(token);
        }
        return tokens;
    }
}
