using System.Collections.Immutable;

namespace ServerlessMeta.Models;

/// <summary>What watching a version says of it, in brief.</summary>
public sealed record VersionDrift
{
    /// <summary>Where all of it is told.</summary>
    public required string Link { get; init; }

    /// <summary>The baseline's number; 0: there is none, and nothing is compared.</summary>
    public required int Baseline { get; init; }

    /// <summary>The window that was computed and starts last; absent: none was yet.</summary>
    public string? Window { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    /// <summary>The number of the window's result.</summary>
    public int? Revision { get; init; }

    /// <summary><c>open</c>, <c>maturing</c> or <c>closed</c>.</summary>
    public string? State { get; init; }

    /// <summary>Of the window as a whole: <c>none</c>, <c>noDrift</c>, <c>drift</c> or <c>uncertain</c>.</summary>
    public string? Verdict { get; init; }

    public long? Rows { get; init; }

    public long? Labelled { get; init; }

    /// <summary>Features that drifted in it.</summary>
    public int? Drifted { get; init; }

    /// <summary>Features that were compared.</summary>
    public int? Compared { get; init; }

    /// <summary>What drifted, or got worse, by the latest results that tell.</summary>
    public ImmutableArray<string> Alerts { get; init; } = [];
}
