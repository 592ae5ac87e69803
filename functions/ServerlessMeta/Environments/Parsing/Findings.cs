using System.Text.RegularExpressions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>What a parser found in one file, bounded whatever the file holds.</summary>
internal sealed partial class Findings(string source, FileKind kind)
{
    /// <summary>So many packages are read of one file.</summary>
    public const int MaxPackages = 20_000;

    private const int MaxUnread = 100;
    private const int MaxText = 200;
    private const int MaxVersion = 128;

    private readonly List<FoundPackage> packages = [];
    private readonly List<Tag> languages = [];
    private readonly List<UnreadLine> unread = [];

    public string Source => source;

    public FileKind Kind => kind;

    public IReadOnlyList<FoundPackage> Packages => packages;

    public IReadOnlyList<Tag> Languages => languages;

    public IReadOnlyList<UnreadLine> Unread => unread;

    /// <summary>The image that a Dockerfile builds on, and its digest.</summary>
    public DockerImage? Base { get; set; }

    public void Add(Ecosystem ecosystem, string name, string? version, string? requirement, bool pinned, int line, string? marker = null)
    {
        if (name.Length is 0 or > PackageName.MaxLength || version is { Length: > MaxVersion or 0 } || !IsPlain(name) || (version is not null && !IsPlain(version)))
        {
            Skip(line, $"{name} {version}");
        }
        else if (packages.Count == MaxPackages)
        {
            Skip(line, $"More than {MaxPackages} packages: {name}");
        }
        else
        {
            packages.Add(new FoundPackage(ecosystem, name, version, string.IsNullOrEmpty(requirement) ? null : Cut(requirement), pinned && version is not null, source) { Marker = marker is { Length: < 1000 } && Marker.IsMatch(marker) ? marker : null });
        }
    }

    public void AddLanguage(string name, string version, int line)
    {
        if (version.Length is 0 or > MaxVersion || !IsPlain(version) || languages.Count == MaxUnread)
        {
            Skip(line, $"{name} {version}");
        }
        else
        {
            languages.Add(new Tag(name, version));
        }
    }

    public void Skip(int line, string text)
    {
        if (unread.Count < MaxUnread)
        {
            unread.Add(new UnreadLine(source, line, Cut(text)));
        }
    }

    private static bool IsPlain(string text) => !text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static string Cut(string text)
    {
        var cut = text.Length > MaxText ? text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)] + "..." : text;
        return string.Create(cut.Length, cut, static (clean, from) =>
        {
            for (var at = 0; at < clean.Length; at++)
            {
                clean[at] = char.IsControl(from[at]) ? ' ' : from[at];
            }
        });
    }

    [GeneratedRegex("^[A-Za-z0-9_.'\"()<>=!~ ,+*-]+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Marker { get; }
}
