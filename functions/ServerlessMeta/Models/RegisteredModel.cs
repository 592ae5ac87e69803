using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// A registered model. What moves between versions (aliases, stages) stands here and not with the versions, so that any move is a change of one row: nobody ever sees
/// two holders, or none.
/// </summary>
public sealed record RegisteredModel
{
    /// <summary>Names the model for ever; its name may change.</summary>
    public required long Number { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Who registered it.</summary>
    public string? Author { get; init; }

    /// <summary>Who answers for the model.</summary>
    public string? Owner { get; init; }

    /// <summary>A deleted model keeps its rows, as evidence, and gives its name free.</summary>
    public required LifecycleStage Stage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows by one with each change of the model, its versions and all that is recorded of them.</summary>
    public required long Revision { get; init; }

    /// <summary>The highest version number given so far; none is given twice.</summary>
    public int LastVersion { get; init; }

    /// <summary>Aliases in ordinal order, each with the version that holds it.</summary>
    public ImmutableSortedDictionary<string, int> Aliases { get; init; } = NoAliases;

    /// <summary>The stages of the versions that are in one; the others are in <see cref="ModelStage.None"/>.</summary>
    public ImmutableSortedDictionary<int, ModelStage> Stages { get; init; } = ImmutableSortedDictionary<int, ModelStage>.Empty;

    /// <summary>Versions that were deleted.</summary>
    public ImmutableSortedSet<int> Gone { get; init; } = [];

    /// <summary>The tags but for those with large values.</summary>
    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>The tags whose values stand in rows of their own; <see cref="ModelTags"/> reads them.</summary>
    public ImmutableArray<LargeTag> LargeTags { get; init; } = [];

    /// <summary>The number of the policy that guards some of its aliases or stages; 0: none does.</summary>
    public int Policy { get; init; }

    /// <summary>Versions that an administrator once gave an alias or a stage against its policy; they stay marked.</summary>
    public ImmutableSortedSet<int> Overridden { get; init; } = [];

    internal static ImmutableSortedDictionary<string, int> NoAliases { get; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The highest version that is not deleted; 0: there is none.</summary>
    internal int Newest
    {
        get
        {
            var number = LastVersion;
            while (number > 0 && Gone.Contains(number))
            {
                number--;
            }
            return number;
        }
    }

    public ModelStage StageOf(int version) => Stages.GetValueOrDefault(version);

    public bool Has(int version) => version > 0 && version <= LastVersion && !Gone.Contains(version);
}
