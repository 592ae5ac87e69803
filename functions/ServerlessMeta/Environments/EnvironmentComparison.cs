using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Environments;

/// <summary>How the environment of one run differs from that of another: what the other has more, has less, and has otherwise.</summary>
public sealed record EnvironmentComparison
{
    public required ImmutableArray<FoundPackage> Added { get; init; }

    public required ImmutableArray<FoundPackage> Removed { get; init; }

    public required ImmutableArray<(FoundPackage From, FoundPackage To)> Changed { get; init; }

    /// <summary>Languages, image, git, entry point and the rest: each part with both values, null where a side has none.</summary>
    public required ImmutableArray<(string Part, string? From, string? To)> Parts { get; init; }

    public static EnvironmentComparison Of(RunEnvironment one, RunEnvironment other)
    {
        var (from, to) = (one.Summary.Packages.ToDictionary(static package => package.Key), other.Summary.Packages.ToDictionary(static package => package.Key));
        return new EnvironmentComparison
        {
            Added = [.. other.Summary.Packages.Where(package => !from.ContainsKey(package.Key))],
            Removed = [.. one.Summary.Packages.Where(package => !to.ContainsKey(package.Key))],
            Changed = [.. one.Summary.Packages.Where(package => to.TryGetValue(package.Key, out var next) && Differ(package, next)).Select(package => (package, to[package.Key]))],
            Parts = [.. Differences(PartsOf(one), PartsOf(other))],
        };
    }

    private static bool Differ(FoundPackage one, FoundPackage other) =>
        one.Version is null || other.Version is null ? (one.Version ?? one.Requirement) != (other.Version ?? other.Requirement)
            : new PackageVersion(one.Ecosystem, one.Version).ComparedTo(new PackageVersion(other.Ecosystem, other.Version)) != 0;

    private static IEnumerable<(string Part, string? From, string? To)> Differences(Dictionary<string, string> from, Dictionary<string, string> to) =>
        from.Keys.Union(to.Keys).Where(part => from.GetValueOrDefault(part) != to.GetValueOrDefault(part)).Order(StringComparer.Ordinal)
            .Select(part => (part, from.GetValueOrDefault(part), to.GetValueOrDefault(part)));

    private static Dictionary<string, string> PartsOf(RunEnvironment environment)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var language in environment.Summary.Languages)
        {
            parts[$"languages.{language.Key}"] = language.Value;
        }
        var image = environment.Docker?.Image is not null ? environment.Docker : environment.Summary.BaseImage;
        Put("docker.image", image?.Image);
        Put("docker.digest", image?.EffectiveDigest);
        Put("docker.dockerfile", Mark(environment.Docker?.Dockerfile));
        var (git, launch) = (environment.Launch.Git, environment.Launch);
        Put("git.commit", git.Commit);
        Put("git.remote", git.Remote);
        Put("git.branch", git.Branch);
        Put("git.diff", Mark(git.Diff));
        Put("git.dirty", git.Dirty is { } dirty ? dirty ? "true" : "false" : null);
        Put("entryPoint", launch.EntryPoint);
        Put("arguments", launch.Arguments.IsEmpty ? null : string.Join(' ', launch.Arguments));
        Put("seed", launch.Seed?.ToString(CultureInfo.InvariantCulture));
        foreach (var variable in launch.Variables)
        {
            parts[$"variables.{variable.Key}"] = variable.Value;
        }
        foreach (var (file, _) in environment.Files)
        {
            parts[$"files.{file.Path}"] = Mark(file.Content)!;
        }
        return parts;

        void Put(string part, string? value)
        {
            if (value is not null)
            {
                parts[part] = value;
            }
        }
    }

    // A long text by its digest: that it differs is what matters here.
    private static string? Mark(string? text) =>
        text is null ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
