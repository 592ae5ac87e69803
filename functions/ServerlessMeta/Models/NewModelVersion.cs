using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>What a caller says of a new version.</summary>
/// <param name="Source">Where its files lie; kept as given.</param>
public sealed record NewModelVersion(string Source)
{
    public string? Description { get; init; }

    public string? Owner { get; init; }

    public RunId? Run { get; init; }

    public string? RunLink { get; init; }

    public LoggedModelId? LoggedModel { get; init; }

    /// <summary>
    /// Where the files lie when the source refers to a run or a logged model, made from those that were named and found; null there: at the source. It may refuse the source.
    /// Null: whatever it is, they lie at the source.
    /// </summary>
    public Func<Run?, LoggedModel?, Result<string?>>? Locate { get; init; }

    /// <summary>The version that this one is a copy of; it has its run, logged model and origin.</summary>
    public RegisteredVersion? CopyOf { get; init; }

    /// <summary>Distinct keys.</summary>
    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>When set, a repeated creation in the same model answers the version that the first one made.</summary>
    public string? IdempotencyKey { get; init; }
}
