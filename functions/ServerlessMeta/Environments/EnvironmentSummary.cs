using System.Collections.Immutable;
using ServerlessMeta.Environments.Parsing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>
/// What the files and the description of an environment say together, each package and language once. The description counts before files, a version before none, what
/// was installed before a lock, a lock before a list (<see cref="FileKind"/>), then the path that comes first.
/// </summary>
public sealed record EnvironmentSummary
{
    /// <summary>The source of a package that the description itself names.</summary>
    public const string Described = "packages";

    /// <summary>In the order of ecosystem and normal name.</summary>
    public required ImmutableArray<FoundPackage> Packages { get; init; }

    public required ImmutableArray<Tag> Languages { get; init; }

    public required ImmutableArray<UnreadLine> Unread { get; init; }

    /// <summary>The image as it was described.</summary>
    public DockerImage? Docker { get; init; }

    /// <summary>What a Dockerfile builds on.</summary>
    public DockerImage? BaseImage { get; init; }

    internal static EnvironmentSummary Of(EnvironmentContent content)
    {
        var merged = new SummaryBuilder();
        foreach (var (key, version) in content.Packages)
        {
            var (ecosystem, name) = PackageName.Split(key);
            merged.Add(new FoundPackage(ecosystem ?? Ecosystem.Python, name, version, $"=={version}", Pinned: true, Described));
        }
        merged.Add(content.Languages);
        var dockerfile = content.Docker?.Dockerfile is { } text ? new[] { new EnvironmentFile(EnvironmentPaths.Dockerfile, text) } : [];
        // One file after another, so that what they say is not held twice.
        foreach (var file in content.AllFiles().Select(static pair => pair.File).Concat(dockerfile).OrderBy(static file => EnvironmentParser.KindOf(file.Path)))
        {
            merged.Read(file);
        }
        return merged.ToSummary(content.Docker);
    }

    /// <summary>What searches need: the packages and languages with their versions ("" where none is known), in the order of their keys.</summary>
    internal List<Tag> ToIndex() =>
    [
        .. Packages.Select(static package => new Tag(package.Key, package.Version ?? ""))
            .Concat(Languages.Select(static language => new Tag(PackageName.KeyOf(Ecosystem.Language, language.Key), language.Value)))
            .OrderBy(static field => field.Key, StringComparer.Ordinal),
    ];
}
