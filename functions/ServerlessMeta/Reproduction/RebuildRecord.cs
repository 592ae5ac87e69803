using System.Collections.Immutable;
using ServerlessMeta.Environments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Reproduction;

/// <summary>All that is recorded of a run and serves to rebuild it.</summary>
internal sealed record RebuildRecord
{
    public required Run Run { get; init; }

    public required RunEnvironment Environment { get; init; }

    /// <summary>The run's own files, in the order of their paths.</summary>
    public required ImmutableArray<RecordedFile> Files { get; init; }

    /// <summary>Which of the run's own files an address names; null when it names none of them.</summary>
    public Func<string, string?> OwnFile { get; init; } = static _ => null;

    /// <summary>Why files are not among them: null when all are.</summary>
    public string? LeftOut { get; init; }

    /// <summary>The commit, if it can be checked out: hex digits.</summary>
    public string? Commit => Environment.Launch.Git.Commit is { Length: >= 4 and <= 64 } commit && commit.All(char.IsAsciiHexDigit) ? commit : null;

    public bool HasCode => Files.Any(static file => file.IsCode);
}
