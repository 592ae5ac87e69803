using System.Collections.Immutable;
using ServerlessMeta.Access;

namespace ServerlessMeta.Comments;

/// <summary>
/// Finds who is mentioned in Markdown: <c>@name</c> where a name may stand. A mail address is no mention, nor is anything in code or behind a backslash.
/// </summary>
internal static class MentionNames
{
    /// <summary>The names in the order of the text, in lower case, each once.</summary>
    public static ImmutableArray<string> In(string text)
    {
        var names = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        var fence = "";
        foreach (var line in text.Split('\n'))
        {
            var (mark, after) = FenceOf(line);
            if (fence.Length > 0)
            {
                // A fence is closed by one at least as long with nothing behind it.
                fence = mark.StartsWith(fence, StringComparison.Ordinal) && after.Trim().Length == 0 ? "" : fence;
            }
            else if (mark.Length > 0)
            {
                fence = mark;
            }
            else
            {
                AddFrom(line, names);
            }
        }
        return [.. names.Keys];
    }

    private static (string Mark, string After) FenceOf(string line)
    {
        var text = line.TrimStart(' ');
        var length = text.Length > 0 && text[0] is '`' or '~' ? text.AsSpan().IndexOfAnyExcept(text[0]) : 0;
        length = length < 0 ? text.Length : length;
        // Backticks that close again in the line are code in it.
        return length >= 3 && !(text[0] == '`' && text.IndexOf('`', length) >= 0) ? (text[..length], text[length..]) : ("", line);
    }

    private static void AddFrom(string line, OrderedDictionary<string, bool> names)
    {
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '`')
            {
                at = EndOfCode(line, at);
            }
            else if (line[at] == '@' && (at == 0 || !IsWord(line[at - 1])))
            {
                var end = at + 1;
                while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] is '.' or '_' or '@' or '+' or '#' or '-'))
                {
                    end++;
                }
                // What ends a sentence ends the name.
                if (CallerName.Read(line[(at + 1)..end].TrimEnd('.', '_', '@', '+', '#', '-')) is { } name)
                {
                    names.TryAdd(name, true);
                }
                at = end - 1;
            }
        }
    }

    // Code ends at a run of backticks as long as that which began it; without one it was no code.
    private static int EndOfCode(string line, int start)
    {
        var length = RunAt(line, start);
        for (var at = start + length; at < line.Length; at++)
        {
            if (line[at] == '`')
            {
                var run = RunAt(line, at);
                at += run - 1;
                if (run == length)
                {
                    return at;
                }
            }
        }
        return start + length - 1;
    }

    private static int RunAt(string line, int start)
    {
        var length = line.AsSpan(start).IndexOfAnyExcept('`');
        return length < 0 ? line.Length - start : length;
    }

    private static bool IsWord(char before) => char.IsLetterOrDigit(before) || before is '.' or '-' or '+' or '@' or '/';
}
