using System.Collections.Immutable;
using ServerlessMeta.Environments.Parsing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>
/// What the files and the description of an environment say together, each package and language once. The description counts before files, a version before none, a lock
/// before a list (<see cref="FileKind"/>), then the path that comes first.
/// </summary>
public sealed record EnvironmentSummary
{
    /// <summary>The source of a package that the description itself names.</summary>
    public const string Described = "packages";

    /// <summary>In the order of ecosystem and normal name.</summary>
    public required ImmutableArray<FoundPackage> Packages { get; init; }

    public required ImmutableArray<Tag> Languages { get; init; }

    public required ImmutableArray<UnreadLine> Unread { get; init; }

    /// <summary>The lock files among the files.</summary>
    public required ImmutableArray<string> Locks { get; init; }

    /// <summary>The image as it was described.</summary>
    public DockerImage? Docker { get; init; }

    /// <summary>What a Dockerfile builds on.</summary>
    public DockerImage? BaseImage { get; init; }

    internal static EnvironmentSummary Of(EnvironmentContent content)
    {
        var files = content.AllFiles().Select(static pair => pair.File).Concat(content.Docker?.Dockerfile is { } dockerfile ? [new EnvironmentFile("Dockerfile", dockerfile)] : [])
            .Select(EnvironmentParser.Parse).ToList();
        var image = files.Find(static file => file.Base is not null)?.Base;
        var packages = new Dictionary<string, FoundPackage>(StringComparer.Ordinal);
        var described = content.Packages.Select(static named =>
        {
            var (ecosystem, name) = PackageName.Split(named.Key);
            return new FoundPackage(ecosystem ?? Ecosystem.Python, name, named.Value, $"=={named.Value}", Pinned: true, Described);
        });
        var ranked = files.OrderBy(static file => file.Kind).ToList();
        foreach (var package in described.Concat(ranked.SelectMany(static file => file.Packages)))
        {
            var key = package.Key;
            if (!packages.TryGetValue(key, out var known) || (known.Version is null && package.Version is not null))
            {
                packages[key] = package;
            }
        }
        var languages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var language in content.Languages.Concat(ranked.SelectMany(static file => file.Languages)))
        {
            languages.TryAdd(language.Key.ToLowerInvariant(), language.Value);
        }
        return new EnvironmentSummary
        {
            Packages = [.. packages.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)],
            Languages = [.. languages.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new Tag(pair.Key, pair.Value))],
            Unread = [.. files.SelectMany(static file => file.Unread)],
            Locks = [.. files.Where(static file => file.Kind <= FileKind.NuGetLock && file.Packages.Count > 0).Select(static file => file.Source)],
            Docker = content.Docker,
            BaseImage = image,
        };
    }

    /// <summary>What searches need: the packages and languages with their versions ("" where none is known), in the order of their keys.</summary>
    internal List<Tag> ToIndex() =>
    [
        .. Packages.Select(static package => new Tag(package.Key, package.Version ?? ""))
            .Concat(Languages.Select(static language => new Tag(PackageName.KeyOf(Ecosystem.Language, language.Key), language.Value)))
            .OrderBy(static field => field.Key, StringComparer.Ordinal),
    ];
}
