using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What a run ran in, and whether it can be run again.</summary>
public sealed record EnvironmentModel
{
    public required string Id { get; init; }

    /// <summary>Whether nothing is known.</summary>
    public required bool IsEmpty { get; init; }

    public required string Verdict { get; init; }

    public required string VerdictKind { get; init; }

    /// <summary>What is recorded of each part: its name, how well, and what was found.</summary>
    public required ImmutableArray<(string Part, string Status, string Kind, string Detail)> Parts { get; init; }

    /// <summary>Languages, image, code, launch: what is known by name.</summary>
    public required ImmutableArray<Tag> Facts { get; init; }

    public string? CommitAddress { get; init; }

    public required ImmutableArray<PackageLine> Packages { get; init; }

    public required ImmutableArray<Tag> Variables { get; init; }

    public required ImmutableArray<(string Path, string Content, bool IsUploaded)> Files { get; init; }

    public string? Diff { get; init; }

    /// <summary>How to get what rebuilds the run.</summary>
    public required IReadOnlyList<Snippet> Steps { get; init; }

    /// <summary>As the reader gave it: the run that this one is compared with.</summary>
    public string? OtherText { get; init; }

    /// <summary>Why there is no comparison, though one was asked for.</summary>
    public string? OtherFault { get; init; }

    public EnvironmentDifference? Difference { get; init; }
}
