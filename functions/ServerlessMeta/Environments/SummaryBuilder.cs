using ServerlessMeta.Environments.Parsing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>Puts together what the parts of an environment say; what comes first counts, a version before none.</summary>
internal sealed class SummaryBuilder
{
    private readonly Dictionary<string, FoundPackage> packages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> languages = new(StringComparer.Ordinal);
    private readonly List<UnreadLine> unread = [];
    private DockerImage? image;

    public void Add(FoundPackage package)
    {
        var key = package.Key;
        if (packages.TryGetValue(key, out var known) ? known.Version is null && package.Version is not null : packages.Count < Findings.MaxPackages)
        {
            packages[key] = package;
        }
    }

    public void Add(IEnumerable<Tag> found)
    {
        foreach (var language in found)
        {
            languages.TryAdd(language.Key.ToLowerInvariant(), language.Value);
        }
    }

    public void Read(EnvironmentFile file)
    {
        var found = EnvironmentParser.Parse(file);
        foreach (var package in found.Packages)
        {
            Add(package);
        }
        Add(found.Languages);
        unread.AddRange(found.Unread);
        if (packages.Count == Findings.MaxPackages)
        {
            unread.Add(new UnreadLine(file.Path, 0, $"An environment has up to {Findings.MaxPackages} packages; what is beyond is not read."));
        }
        image ??= found.Base;
    }

    public EnvironmentSummary ToSummary(DockerImage? docker) => new()
    {
        Packages = [.. packages.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)],
        Languages = [.. languages.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new Tag(pair.Key, pair.Value))],
        Unread = [.. unread.OrderBy(static line => line.Source, StringComparer.Ordinal).ThenBy(static line => line.Line)],
        Docker = docker,
        BaseImage = image,
    };
}
