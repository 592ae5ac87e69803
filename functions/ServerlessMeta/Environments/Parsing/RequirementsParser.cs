using System.Text.RegularExpressions;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>
/// requirements.txt and the output of pip freeze: pins, ranges, extras, markers, hashes, <c>name @ address</c>, wheels, <c>-e</c>. Files that it includes
/// (<c>-r</c>, <c>-c</c>) are read on their own; options are passed over. Markers are not evaluated: of several lines for one package the first counts.
/// </summary>
internal static partial class RequirementsParser
{
    private const int MaxLine = 4096;

    public static void Parse(string text, Findings found)
    {
        var number = 0;
        var (start, joined) = (0, "");
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            start = joined.Length == 0 ? number : start;
            if (raw.Length + joined.Length > MaxLine)
            {
                found.Skip(start, raw[..Math.Min(raw.Length, MaxLine)].ToString());
                joined = "";
                continue;
            }
            var line = joined + raw.ToString();
            if (line.EndsWith('\\'))
            {
                joined = line[..^1] + " ";
                continue;
            }
            joined = "";
            ParseLine(line, start, found);
        }
        if (joined.Length > 0)
        {
            ParseLine(joined, start, found);
        }
    }

    /// <summary>One requirement; false when it is none.</summary>
    public static bool TryParse(string line, Findings found, int number)
    {
        if (line.Length > MaxLine || Requirement.Match(line) is not { Success: true } match)
        {
            return false;
        }
        var name = match.Groups["name"].Value;
        var range = match.Groups["range"].Value.Trim('(', ')', ' ');
        if (match.Groups["address"].Success)
        {
            var (_, wheelVersion) = OfAddress(match.Groups["address"].Value);
            found.Add(Ecosystem.Python, name, wheelVersion, $"@ {match.Groups["address"].Value}", pinned: wheelVersion is not null, number);
            return true;
        }
        var pin = Pin.Match(range);
        var isPinned = pin.Success && !pin.Groups["version"].Value.Contains('*', StringComparison.Ordinal);
        found.Add(Ecosystem.Python, name, isPinned ? pin.Groups["version"].Value : null, range, isPinned, number);
        return true;
    }

    private static void ParseLine(string raw, int number, Findings found)
    {
        var comment = raw.StartsWith('#') ? 0 : raw.IndexOf(" #", StringComparison.Ordinal);
        var line = (comment < 0 ? raw : raw[..comment]).Trim().TrimStart('\uFEFF');
        if (line.Length == 0 || IsPassedOver(line))
        {
            return;
        }
        var hash = line.IndexOf(" --", StringComparison.Ordinal);
        line = hash < 0 ? line : line[..hash].TrimEnd();
        if (line.StartsWith("-e", StringComparison.Ordinal) || line.StartsWith("--editable", StringComparison.Ordinal))
        {
            var target = line[(line.StartsWith("-e", StringComparison.Ordinal) ? 2 : 10)..].TrimStart(' ', '=');
            AddAddress(target, number, found);
        }
        else if (Address.IsMatch(line))
        {
            AddAddress(line, number, found);
        }
        else if (!TryParse(line, found, number))
        {
            found.Skip(number, line);
        }
    }

    // Other files, indexes and settings: nothing that names a package.
    private static bool IsPassedOver(string line) => line.StartsWith('-') && !line.StartsWith("-e", StringComparison.Ordinal) && !line.StartsWith("--editable", StringComparison.Ordinal);

    private static void AddAddress(string address, int number, Findings found)
    {
        var (name, version) = OfAddress(address);
        if (name is null)
        {
            found.Skip(number, address);
        }
        else
        {
            found.Add(Ecosystem.Python, name, version, $"@ {address}", pinned: version is not null, number);
        }
    }

    // A wheel or a source archive says in its name what it is, any other address in its fragment.
    private static (string? Name, string? Version) OfAddress(string address)
    {
        if (Egg.Match(address) is { Success: true } egg)
        {
            return (egg.Groups["name"].Value, null);
        }
        var path = address.Split('#', '?')[0];
        var file = path[(path.LastIndexOf('/') + 1)..];
        if (file.EndsWith(".whl", StringComparison.Ordinal) && file.Split('-') is { Length: >= 5 } parts)
        {
            return (parts[0], Uri.UnescapeDataString(parts[1]));
        }
        var stem = file.EndsWith(".tar.gz", StringComparison.Ordinal) ? file[..^7] : file.EndsWith(".zip", StringComparison.Ordinal) ? file[..^4] : "";
        var dash = stem.LastIndexOf('-');
        return dash > 0 && PythonVersion.Find(stem[(dash + 1)..]) is not null ? (stem[..dash], stem[(dash + 1)..]) : (null, null);
    }

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:@\s*(?<address>[^\s;]+)|(?<range>\(?\s*(?:(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+\s*,?\s*)*\)?))\s*(?:;.*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Requirement { get; }

    [GeneratedRegex(@"^={2,3}\s*(?<version>[^\s,]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pin { get; }

    [GeneratedRegex(@"[#&]egg=(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Egg { get; }

    [GeneratedRegex(@"^(?:git\+|hg\+|svn\+|bzr\+)?[a-z]+://", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Address { get; }
}
