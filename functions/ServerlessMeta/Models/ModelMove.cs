using System.Collections.Immutable;

namespace ServerlessMeta.Models;

/// <summary>An alias, or a stage, that gets another version, or none. What is moved is told by <see cref="Alias"/> or else by <see cref="Stage"/>.</summary>
internal sealed record ModelMove
{
    /// <summary>The alias; null when a stage is moved.</summary>
    public string? Alias { get; init; }

    /// <summary>The stage, never <see cref="ModelStage.None"/>; null when an alias is moved.</summary>
    public ModelStage? Stage { get; init; }

    /// <summary>The versions that lose it: of an alias one at most; of a stage all that leave it with this move, in ascending order.</summary>
    public ImmutableArray<int> From { get; init; } = [];

    /// <summary>The version that gets it; null: it is only lost.</summary>
    public int? To { get; init; }

    /// <summary>Why an administrator wants it whatever the policy says; null: nobody asked for that.</summary>
    public string? Override { get; init; }

    /// <summary>What is moved, for messages.</summary>
    public string What => Alias is { } alias ? $"Alias '{alias}'" : $"Stage '{Stage}'";
}
