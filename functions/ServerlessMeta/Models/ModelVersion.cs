using System.Collections.Immutable;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Models;

/// <summary>A version of a registered model. Its stage and aliases stand with the model (<see cref="RegisteredModel"/>).</summary>
public sealed record ModelVersion
{
    /// <summary>The number of the model.</summary>
    public required long Model { get; init; }

    public required int Number { get; init; }

    /// <summary>Where its files lie, as it was given.</summary>
    public required string Source { get; init; }

    /// <summary>Where its files lay when it was registered, when the source is a reference to another record; null: at the source.</summary>
    public string? Location { get; init; }

    public string? Description { get; init; }

    /// <summary>Who registered it: whoever approves must be another.</summary>
    public required string Author { get; init; }

    public string? Owner { get; init; }

    public RunId? Run { get; init; }

    public string? RunLink { get; init; }

    public LoggedModelId? LoggedModel { get; init; }

    public ModelVersionStatus Status { get; init; } = ModelVersionStatus.Ready;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The tags but for those with large values.</summary>
    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>The tags whose values stand in rows of their own; <see cref="ModelTags"/> reads them.</summary>
    public ImmutableArray<LargeTag> LargeTags { get; init; } = [];
}
