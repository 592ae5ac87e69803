using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ModelCards;

/// <summary>The run that made a version.</summary>
internal sealed record DossierRun
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Experiment { get; init; }

    public string? User { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Commit { get; init; }

    public string? Remote { get; init; }

    public string? EntryPoint { get; init; }

    public string? EnvironmentDigest { get; init; }

    public ImmutableArray<Tag> Params { get; init; } = [];

    /// <summary>How many params there are beside those kept.</summary>
    public int MoreParams { get; init; }

    public string Record => $"run:{Id}";
}
