using System.Text.RegularExpressions;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>
/// poetry.lock, uv.lock and pdm.lock: of each <c>[[package]]</c> its name and version. A package that is the project itself (its source is virtual or editable) is
/// left out.
/// </summary>
internal static partial class TomlLockParser
{
    public static void Parse(string text, Findings found)
    {
        var (isPackage, number, start) = (false, 0, 0);
        var (name, version, marker) = ((string?)null, (string?)null, (string?)null);
        var (isProject, inText) = (false, false);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            // Inside a text of several lines nothing is a key.
            var quotes = line.Count("\"\"\"") + line.Count("'''");
            var wasInText = inText;
            inText ^= quotes % 2 == 1;
            if (wasInText || line.IsEmpty)
            {
                continue;
            }
            if (line[0] == '[' && raw[0] == '[')
            {
                Finish();
                (isPackage, start, name, version, marker, isProject) = (line is "[[package]]", number, null, null, null, false);
            }
            else if (isPackage && raw[0] == line[0])
            {
                Take(line);
            }
        }
        Finish();

        void Take(ReadOnlySpan<char> line)
        {
            if (line.StartsWith("source") && (line.Contains("virtual", StringComparison.Ordinal) || line.Contains("editable", StringComparison.Ordinal)))
            {
                isProject = true;
                return;
            }
            if (line.StartsWith("marker") && line.Length < 1024 && MarkerPair.Match(line.ToString()) is { Success: true } written)
            {
                marker = written.Groups["value"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
                return;
            }
            if (!line.StartsWith("name") && !line.StartsWith("version"))
            {
                return;
            }
            if (line.Length < 1024 && Pair.Match(line.ToString()) is { Success: true } pair)
            {
                _ = pair.Groups["key"].Value == "name" ? name = pair.Groups["value"].Value : version = pair.Groups["value"].Value;
            }
            else
            {
                found.Skip(number, line[..Math.Min(line.Length, 256)].ToString());
            }
        }

        void Finish()
        {
            if (!isPackage || isProject)
            {
                return;
            }
            if (name is null)
            {
                found.Skip(start, "[[package]] without a name");
                return;
            }
            found.Add(Ecosystem.Python, name, version, version is null ? null : $"=={version}", pinned: true, start, marker);
        }
    }

    [GeneratedRegex("^(?<key>name|version)\\s*=\\s*(?:\"(?<value>[^\"\\\\]*)\"|'(?<value>[^']*)')\\s*(?:#.*)?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pair { get; }

    // poetry's and pdm's, of the whole package.
    [GeneratedRegex("^markers?\\s*=\\s*(?:\"(?<value>(?:[^\"\\\\]|\\\\\")*)\"|'(?<value>[^']*)')\\s*(?:#.*)?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MarkerPair { get; }
}
