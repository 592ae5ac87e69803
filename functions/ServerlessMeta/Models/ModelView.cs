using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>A model as it is answered.</summary>
public sealed record ModelView
{
    /// <summary>Names the model for ever, also as <c>number:{n}</c> in place of its name.</summary>
    public required long Number { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Owner { get; init; }

    /// <summary>Who registered it.</summary>
    public string? Author { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Grows with each change of the model, its versions and what is recorded of them.</summary>
    public required long Revision { get; init; }

    /// <summary>The highest version number given so far.</summary>
    public required int LastVersion { get; init; }

    /// <summary>Each alias with the version that holds it.</summary>
    public required IReadOnlyDictionary<string, int> Aliases { get; init; }

    /// <summary>Each stage that has versions (Staging, Production, Archived) with them, in ascending order.</summary>
    public required IReadOnlyDictionary<string, ImmutableArray<int>> Stages { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Tags whose values are not told here: lists leave out large ones, and the past knows only their SHA-256.</summary>
    public ImmutableArray<LargeTag>? LargeTags { get; init; }

    /// <summary>The number of the policy that guards some of its aliases or stages; absent: none does.</summary>
    public int? Policy { get; init; }

    /// <summary>The moment for which this is told; absent: now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    internal static ModelView Of(RegisteredModel model, ImmutableArray<Tag> tags, DateTimeOffset? asOf) => new()
    {
        Number = model.Number,
        Name = model.Name,
        Description = model.Description,
        Owner = model.Owner,
        Author = model.Author,
        Created = model.CreatedAt,
        Updated = model.UpdatedAt,
        Revision = model.Revision,
        LastVersion = model.LastVersion,
        Aliases = model.Aliases,
        Stages = model.Stages.GroupBy(static version => version.Value, static version => version.Key).OrderBy(static stage => stage.Key)
            .ToDictionary(static stage => stage.Key.ToString(), static stage => stage.ToImmutableArray(), StringComparer.Ordinal),
        Tags = tags.ToDictionary(static tag => tag.Key, static tag => tag.Value, StringComparer.Ordinal),
        LargeTags = VersionView.Untold(model.LargeTags, tags),
        Policy = model.Policy == 0 ? null : model.Policy,
        AsOf = asOf,
    };
}
