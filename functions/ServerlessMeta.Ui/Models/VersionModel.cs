using System.Collections.Immutable;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Models;

/// <summary>A version's page; of its tabs the one that is shown has its part.</summary>
public sealed record VersionModel
{
    /// <summary>As it is, or was at the moment.</summary>
    public required RegisteredVersion Version { get; init; }

    public required ImmutableArray<Tag> Tags { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Empty: the first.</summary>
    public required string Tab { get; init; }

    /// <summary>Of the model's present state.</summary>
    public required string Tag { get; init; }

    /// <summary>How tags begin that clients write for themselves.</summary>
    public required string HiddenTags { get; init; }

    /// <summary>Null: it is not watched.</summary>
    public VersionDrift? Drift { get; init; }

    /// <summary>Whether the reader may change what is shown.</summary>
    public required bool CanWrite { get; init; }

    public required bool CanApprove { get; init; }

    /// <summary>Who reads.</summary>
    public required string Reader { get; init; }

    public required bool IsAdmin { get; init; }

    public VersionOverviewModel? Overview { get; init; }

    public EvaluationsModel? Evaluations { get; init; }

    public CardModel? Card { get; init; }

    public WatchModel? Watch { get; init; }

    public FeedModel? Feed { get; init; }

    public RegisteredModel Model => Version.Model;

    public int Number => Version.Version.Number;
}
