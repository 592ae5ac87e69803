using System.Text.RegularExpressions;
using ServerlessMeta.Environments;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Reproduction;

/// <summary>What pip reads when it is given a file: that file and those it includes (<c>-r</c>, <c>-c</c>).</summary>
internal sealed partial class RequirementsInclusion(IReadOnlyList<EnvironmentFile> files)
{
    private readonly HashSet<(string Path, bool IsConstraint)> seen = [];

    /// <summary>What is installed.</summary>
    public List<FoundPackage> Packages { get; } = [];

    /// <summary>The versions that are fixed.</summary>
    public HashSet<(string Key, string Version)> Pins { get; } = [];

    /// <summary>Lines that are not understood, and files that are not here.</summary>
    public List<string> Unknown { get; } = [];

    public void Read(EnvironmentFile file, bool isConstraint)
    {
        if (!seen.Add((file.Path, isConstraint)))
        {
            return;
        }
        var found = EnvironmentParser.Parse(file with { Path = "requirements.txt" });
        Pins.UnionWith(found.Packages.Where(static package => package.Pinned).Select(static package => (package.Key, package.Version!)));
        if (!isConstraint)
        {
            Packages.AddRange(found.Packages);
            Unknown.AddRange(found.Unread.Select(static line => line.Text));
        }
        foreach (Match line in Inclusion.Matches(file.Content))
        {
            var path = Resolve(EnvironmentSteps.FolderOf(file.Path), line.Groups["path"].Value);
            if (files.FirstOrDefault(other => other.Path == path) is { } included)
            {
                Read(included, isConstraint || line.Groups["constraint"].Success);
            }
            else
            {
                Unknown.Add(line.Groups["path"].Value);
            }
        }
    }

    private static string? Resolve(string folder, string path)
    {
        var names = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in path.Split('/'))
        {
            if (name == ".." && names.Count == 0)
            {
                return null;
            }
            if (name == "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name is not ("." or ""))
            {
                names.Add(name);
            }
        }
        return string.Join('/', names);
    }

    [GeneratedRegex("^[ \\t]*(?:(?:-r|--requirement)|(?<constraint>-c|--constraint))[ \\t=]*(?<path>[^\\s=#]+)", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Inclusion { get; }
}
