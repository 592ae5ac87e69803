using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Models;

/// <summary>A model's page; of its tabs the one that is shown has its part.</summary>
public sealed record ModelModel
{
    /// <summary>As it is, or was at the moment.</summary>
    public required RegisteredModel Model { get; init; }

    public required ImmutableArray<Tag> Tags { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Empty: the first.</summary>
    public required string Tab { get; init; }

    /// <summary>Of the model's present state.</summary>
    public required string Tag { get; init; }

    /// <summary>How tags begin that clients write for themselves.</summary>
    public required string HiddenTags { get; init; }

    /// <summary>Whether the reader may change what is shown.</summary>
    public required bool CanWrite { get; init; }

    public required bool IsAdmin { get; init; }

    public ImmutableArray<VersionLine> Versions { get; init; } = [];

    /// <summary>The page of versions behind this one.</summary>
    public string? NextVersions { get; init; }

    public PolicyModel? Policy { get; init; }

    public FeedModel? Feed { get; init; }
}
