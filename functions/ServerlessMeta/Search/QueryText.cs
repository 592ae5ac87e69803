using System.Globalization;
using System.Text;

namespace ServerlessMeta.Search;

/// <summary>Rules of characters, quoting and printing that lexer, printer and messages share.</summary>
internal static class QueryText
{
    private const int LongestExcerpt = 200;

    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "IS", "NULL", "BETWEEN", "ASC", "DESC",
    };

    public static bool StartsWord(char c) => c == '_' || char.IsLetter(c);

    public static bool IsWordPart(char c) => c == '_' || char.IsLetterOrDigit(c);

    public static bool IsKeyword(string word) => Keywords.Contains(word);

    public static bool IsPlainWord(string text) => text.Length > 0 && StartsWord(text[0]) && text.All(IsWordPart);

    /// <summary>Words with single dots between: what may follow the prefix unquoted.</summary>
    public static bool IsPlainKey(string text)
    {
        var dotBefore = true;
        foreach (var c in text)
        {
            if (c == '.' ? dotBefore : !IsWordPart(c)) return false;
            dotBefore = c == '.';
        }

        return !dotBefore;
    }

    /// <summary>Half a surrogate pair is no text: it cannot have come from UTF-8.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>A quote inside is doubled; a backslash is an ordinary character.</summary>
    public static string Quote(string text, char quote)
    {
        var mark = quote.ToString();
        return mark + text.Replace(mark, mark + mark, StringComparison.Ordinal) + mark;
    }

    /// <summary>User text for a message: short, without control characters and half pairs.</summary>
    public static string Excerpt(ReadOnlySpan<char> text)
    {
        var shortened = text.Length > LongestExcerpt ? text[..LongestExcerpt] : text;
        var clean = new StringBuilder(shortened.Length + 3);
        foreach (var rune in shortened.EnumerateRunes())
        {
            clean.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control ? Rune.ReplacementChar : rune);
        }

        return (text.Length > LongestExcerpt ? clean.Append("...") : clean).ToString();
    }

    public static string Set(IEnumerable<string> words) => $"{{{Words(words)}}}";

    public static string List(IEnumerable<string> words) => $"[{Words(words)}]";

    private static string Words(IEnumerable<string> words) => string.Join(", ", words.Select(static word => $"'{word}'"));
}
