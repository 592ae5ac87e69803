namespace ServerlessMeta.Search;

/// <summary>
/// A pattern over a whole text: % stands for any run of characters, _ for one character (a surrogate pair is one), newlines included.
/// There is no escape. On a mismatch only the last % takes one more character, so the cost is at most text times pattern.
/// </summary>
internal sealed class LikePattern(string pattern, bool ignoreCase)
{
    private readonly string pattern = ignoreCase ? Fold(pattern) : pattern;

    public bool Matches(string text)
    {
        var (at, next) = (0, 0);
        var (retryAt, retryNext) = (-1, -1);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '%')
            {
                next++;
                if (next == pattern.Length) return true;
                (retryAt, retryNext) = (at, next);
            }
            else if (next < pattern.Length && pattern[next] == '_')
            {
                at += Width(text, at);
                next++;
            }
            else if (next < pattern.Length && pattern[next] == Folded(text[at]))
            {
                at++;
                next++;
            }
            else if (retryNext >= 0)
            {
                retryAt += Width(text, retryAt);
                (at, next) = (retryAt, retryNext);
            }
            else
            {
                return false;
            }
        }

        while (next < pattern.Length && pattern[next] == '%') next++;
        return next == pattern.Length;
    }

    private static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private char Folded(char c) => ignoreCase ? char.ToUpperInvariant(c) : c;

    private static string Fold(string text) => string.Create(text.Length, text, static (folded, source) =>
    {
        for (var i = 0; i < folded.Length; i++) folded[i] = char.ToUpperInvariant(source[i]);
    });
}
