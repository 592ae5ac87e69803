namespace ServerlessMeta.Environments.Parsing;

/// <summary>A Dockerfile: the image that its last stage builds on, by way of earlier stages, with defaults of ARG filled in.</summary>
internal static class DockerfileParser
{
    private const int MaxStages = 100;
    private const int MaxLine = 64 * 1024;
    private const int MaxName = 512;

    public static void Parse(string text, Findings found)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        var stages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (var (line, number) in Instructions(text))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && last is null && words[0].Equals("ARG", StringComparison.OrdinalIgnoreCase))
            {
                var equals = words[1].IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && words[1].Length <= MaxName && arguments.Count < MaxStages)
                {
                    arguments[words[1][..equals]] = words[1][(equals + 1)..].Trim('"', '\'');
                }
                continue;
            }
            if (words.Length == 0 || !words[0].Equals("FROM", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            var rest = words.Skip(1).SkipWhile(static word => word.StartsWith("--", StringComparison.Ordinal)).ToArray();
            if (rest.Length == 0 || rest[0].Length > MaxName || stages.Count == MaxStages)
            {
                found.Skip(number, line);
                continue;
            }
            var image = Fill(rest[0], arguments);
            last = stages.GetValueOrDefault(image, image);
            if (rest.Length > 2 && rest[1].Equals("AS", StringComparison.OrdinalIgnoreCase))
            {
                stages[rest[2]] = last;
            }
        }
        if (last is not null)
        {
            var at = last.IndexOf('@', StringComparison.Ordinal);
            found.Base = at < 0 ? new DockerImage(last, null, null) : new DockerImage(last[..at], last[(at + 1)..], null);
        }
    }

    // Lines, with those joined that end in a backslash.
    private static IEnumerable<(string Line, int Number)> Instructions(string text)
    {
        var (number, start, joined) = (0, 0, "");
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.StartsWith('#'))
            {
                continue;
            }
            start = joined.Length == 0 ? number : start;
            if (line.EndsWith('\\') && joined.Length + line.Length < MaxLine)
            {
                joined += line[..^1] + " ";
                continue;
            }
            yield return ((joined + line).Trim(), start);
            joined = "";
        }
        if (joined.Length > 0)
        {
            yield return (joined.Trim(), start);
        }
    }

    private static string Fill(string image, Dictionary<string, string> arguments)
    {
        foreach (var (name, value) in arguments)
        {
            image = image.Replace($"${{{name}}}", value, StringComparison.Ordinal).Replace($"${name}", value, StringComparison.Ordinal);
            if (image.Length > MaxName)
            {
                return image[..MaxName];
            }
        }
        return image;
    }
}
