using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>An environment as it is stored: what was described, and the files that were taken from uploads.</summary>
internal sealed record EnvironmentContent
{
    public static readonly EnvironmentContent None = new();

    /// <summary>Described, in the order of their paths.</summary>
    public ImmutableArray<EnvironmentFile> Files { get; init; } = [];

    /// <summary>Taken, in the order of their paths.</summary>
    public ImmutableArray<EnvironmentFile> Taken { get; init; } = [];

    public DockerImage? Docker { get; init; }

    public ImmutableArray<Tag> Languages { get; init; } = [];

    public ImmutableArray<Tag> Packages { get; init; } = [];

    public bool IsEmpty => Files.IsEmpty && Taken.IsEmpty && Docker is null && Languages.IsEmpty && Packages.IsEmpty;

    /// <summary>The files that count: of two at one place the described one.</summary>
    public IEnumerable<(EnvironmentFile File, bool IsTaken)> AllFiles()
    {
        var described = Files.Select(static file => file.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Files.Select(static file => (file, false)).Concat(Taken.Where(file => !described.Contains(file.Path)).Select(static file => (file, true)))
            .OrderBy(static pair => pair.file.Path, StringComparer.Ordinal);
    }
}
