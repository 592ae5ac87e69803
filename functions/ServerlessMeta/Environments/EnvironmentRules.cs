using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>
/// Checks a described environment; every fault is listed. Limits: 64 files of 1 MiB each and 8 MiB together, a diff of 4 MiB, a Dockerfile of 1 MiB, 10,000 packages,
/// 64 languages, 1,000 arguments and 256 variables of 256 KiB together each.
/// </summary>
internal sealed partial class EnvironmentRules
{
    public const int MaxFiles = 64;
    public const int MaxFileBytes = 1024 * 1024;
    public const int MaxFilesBytes = 8 * 1024 * 1024;
    public const int MaxDiffBytes = 4 * 1024 * 1024;
    public const int MaxPackages = 10_000;

    /// <summary>What a request may have: the limits above, and room for JSON's escapes.</summary>
    public const int MaxRequestBytes = 32 * 1024 * 1024;

    private const int MaxLanguages = 64;
    private const int MaxArguments = 1000;
    private const int MaxVariables = 256;
    private const int MaxTextBytes = 256 * 1024;
    private const int MaxLine = 8192;
    private const int MaxVersion = 128;
    private const int MaxImage = 512;
    private const int MaxFaults = 100;

    private readonly List<Failure.Invalid> faults = [];

    public IReadOnlyList<Failure.Invalid> Faults => faults;

    public EnvironmentContent ContentOf(EnvironmentDocument document)
    {
        if (document.Taken is not null)
        {
            Refuse("taken", "There is no such part.");
        }
        var docker = document.Docker is { } given
            ? new DockerImage(Line(given.Image, "docker.image", MaxImage, ImagePattern), Line(given.Digest, "docker.digest", 71, DigestPattern), Sized(given.Dockerfile, "docker.dockerfile", MaxFileBytes))
            : null;
        return new EnvironmentContent
        {
            Files = FilesOf(document.Files ?? [], docker?.Dockerfile is not null),
            Docker = docker is { IsEmpty: false } ? docker : null,
            Languages = MapOf(document.Languages, "languages", MaxLanguages, LanguagePattern, MaxVersion),
            Packages = MapOf(document.Packages, "packages", MaxPackages, PackagePattern, MaxVersion),
        };
    }

    public Launch LaunchOf(EnvironmentDocument document)
    {
        var git = document.Git;
        var arguments = document.Arguments ?? [];
        if (arguments.Count > MaxArguments || arguments.Sum(static argument => (long)(argument?.Length ?? 0)) > MaxTextBytes)
        {
            Refuse("arguments", $"There are up to {MaxArguments} arguments of {MaxTextBytes} characters together.");
            arguments = [];
        }
        var checkedArguments = arguments.Select((argument, at) => Spoken(argument, string.Create(CultureInfo.InvariantCulture, $"arguments[{at}]")) ?? "").ToImmutableArray();
        var variables = MapOf(document.Variables, "variables", MaxVariables, VariablePattern, MaxTextBytes);
        if (variables.Sum(static pair => (long)pair.Value.Length) > MaxTextBytes)
        {
            Refuse("variables", $"The values have up to {MaxTextBytes} characters together.");
        }
        return new Launch
        {
            Git = git is null ? GitState.None : new GitState(
                Line(git.Commit, "git.commit", 64, CommitPattern)?.ToLowerInvariant(),
                Line(git.Remote, "git.remote", 2048, NamePattern),
                Line(git.Branch, "git.branch", 250, NamePattern),
                Sized(git.Diff, "git.diff", MaxDiffBytes) is { Length: > 0 } diff ? diff : null,
                git.Dirty),
            EntryPoint = Line(document.EntryPoint, "entryPoint", MaxLine, null),
            Arguments = checkedArguments,
            Variables = variables,
            Seed = document.Seed,
        };
    }

    /// <summary>Whether a text names an image, and nothing that a command would take for an option.</summary>
    public static bool IsImage(string text) => text.Length <= MaxImage && ImagePattern.IsMatch(text);

    private ImmutableArray<EnvironmentFile> FilesOf(List<EnvironmentDocument.FileDocument?> documents, bool hasDockerfile)
    {
        var files = new List<EnvironmentFile>();
        long bytes = 0;
        if (documents.Count > MaxFiles)
        {
            Refuse("files", $"There are up to {MaxFiles} files, not {documents.Count}.");
        }
        for (var at = 0; at < Math.Min(documents.Count, MaxFiles); at++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"files[{at}]");
            if (documents[at] is not { Path: { } path, Content: { } content })
            {
                Refuse(field, "A file has a path and content.");
                continue;
            }
            if (EnvironmentPaths.Fault(path) is { } wrong)
            {
                Refuse($"{field}.path", wrong);
                continue;
            }
            Sized(content, $"{field}.content", MaxFileBytes);
            bytes += Encoding.UTF8.GetByteCount(content);
            files.Add(new EnvironmentFile(path, content));
        }
        if (bytes > MaxFilesBytes)
        {
            Refuse("files", $"The files have up to {MaxFilesBytes} bytes together, not {bytes}.");
        }
        foreach (var clash in EnvironmentPaths.Clashes([.. files.Select(static file => file.Path), .. hasDockerfile ? [EnvironmentPaths.Dockerfile] : Array.Empty<string>()]))
        {
            Refuse("files", $"'{(clash < files.Count ? files[clash].Path : EnvironmentPaths.Dockerfile)}' is there twice, but for case, or is a file and a folder.");
        }
        return [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    private ImmutableArray<Tag> MapOf(Dictionary<string, string?>? pairs, string field, int most, Regex names, int longest)
    {
        if (pairs is null)
        {
            return [];
        }
        if (pairs.Count > most)
        {
            Refuse(field, $"There are up to {most} entries, not {pairs.Count}.");
            return [];
        }
        foreach (var (name, value) in pairs)
        {
            if (name.Length > PackageName.MaxLength || !names.IsMatch(name))
            {
                Refuse($"{field}.{Excerpt(name)}", "It is no name of this kind.");
            }
            else if (value is null || value.Length > longest || (longest == MaxVersion ? !VersionPattern.IsMatch(value) : value.Contains('\0', StringComparison.Ordinal)))
            {
                Refuse($"{field}.{name}", longest == MaxVersion ? $"A version has 1 to {longest} characters, no spaces." : $"A value has up to {longest} characters, none of them U+0000.");
            }
        }
        return [.. pairs.Select(static pair => new Tag(pair.Key, pair.Value ?? "")).OrderBy(static pair => pair.Key, StringComparer.Ordinal)];
    }

    // A text of one line; an empty one is none.
    private string? Line(string? text, string field, int longest, Regex? pattern)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (text.Length > longest || text.Any(char.IsControl))
        {
            Refuse(field, $"It has up to {longest} characters, none of them a control character.");
        }
        else if (pattern?.IsMatch(text) is false)
        {
            Refuse(field, $"'{Excerpt(text)}' is none.");
        }
        return text;
    }

    private string? Spoken(string? text, string field)
    {
        if (text is null || text.Length > MaxLine || text.Contains('\0', StringComparison.Ordinal))
        {
            Refuse(field, $"An argument has up to {MaxLine} characters, none of them U+0000.");
        }
        return text;
    }

    private string? Sized(string? text, string field, int mostBytes)
    {
        if (text is not null && (text.Length > mostBytes || Encoding.UTF8.GetByteCount(text) > mostBytes))
        {
            Refuse(field, $"It has up to {mostBytes} bytes.");
        }
        return text;
    }

    private void Refuse(string field, string problem)
    {
        if (faults.Count < MaxFaults)
        {
            faults.Add(new Failure.Invalid(field, problem));
        }
    }

    private static string Excerpt(string text)
    {
        var cut = text.Length > 100 ? text[..100] + "..." : text;
        return new string([.. cut.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
    }

    [GeneratedRegex("^[0-9A-Fa-f]{4,64}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CommitPattern { get; }

    // Nothing that a command would take for an option.
    [GeneratedRegex("^[^-].*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern { get; }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/@-]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ImagePattern { get; }

    [GeneratedRegex("^sha256:[0-9a-f]{64}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DigestPattern { get; }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9.+#_-]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LanguagePattern { get; }

    [GeneratedRegex("^(?:(?:python|npm|nuget):)?@?[A-Za-z0-9_][A-Za-z0-9._~/-]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PackagePattern { get; }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VariablePattern { get; }

    [GeneratedRegex("^[!-~]+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern { get; }
}
