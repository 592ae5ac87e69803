using System.Text.RegularExpressions;

namespace ServerlessMeta.Reproduction;

/// <summary>Texts as a POSIX shell and as Markdown take them for what they are.</summary>
internal static partial class Shell
{
    /// <summary>One word, whatever is in it.</summary>
    public static string Quote(string text) => Plain.IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A block of commands, which nothing in them can end.</summary>
    public static string Block(IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines);
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        return $"{fence}sh\n{text}\n{fence}\n";
    }

    /// <summary>Text within a line of Markdown, as code.</summary>
    public static string Inline(string text)
    {
        var line = new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]).Trim();
        line = line.Length > 500 ? line[..(char.IsHighSurrogate(line[499]) ? 499 : 500)] + "..." : line;
        if (line.Length == 0)
        {
            return "(empty)";
        }
        var mark = new string('`', LongestRun(line) + 1);
        return mark.Length == 1 ? $"`{line}`" : $"{mark} {line} {mark}";
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }

    [GeneratedRegex("^[A-Za-z0-9_./:@%+=,-]+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain { get; }
}
