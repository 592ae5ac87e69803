using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>A version as it is answered.</summary>
public sealed record VersionView
{
    /// <summary>The model's name, at that moment.</summary>
    public required string Name { get; init; }

    /// <summary>The model's number.</summary>
    public required long Model { get; init; }

    public required int Version { get; init; }

    /// <summary>Where its files lie, as it was given.</summary>
    public required string Source { get; init; }

    /// <summary>Where its files lie, when the source refers to another record.</summary>
    public string? Location { get; init; }

    public string? Description { get; init; }

    /// <summary>Who registered it.</summary>
    public required string Author { get; init; }

    public string? Owner { get; init; }

    public string? Run { get; init; }

    public string? RunLink { get; init; }

    public string? LoggedModel { get; init; }

    /// <summary>None, Staging, Production or Archived.</summary>
    public required string Stage { get; init; }

    public required ImmutableArray<string> Aliases { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Tags whose values are not told here: lists leave out large ones, and the past knows only their SHA-256.</summary>
    public ImmutableArray<LargeTag>? LargeTags { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>True for ever when an administrator once gave it an alias or a stage against the model's policy.</summary>
    public bool? Overridden { get; init; }

    /// <summary>The model's revision: it grows with each change of the model and its versions.</summary>
    public required long Revision { get; init; }

    /// <summary>The moment for which this is told; absent: now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>What watching it says of it, now; absent: it is not watched.</summary>
    public VersionDrift? Drift { get; init; }

    internal static VersionView Of(RegisteredVersion registered, ImmutableArray<Tag> tags, DateTimeOffset? asOf)
    {
        var version = registered.Version;
        return new VersionView
        {
            Name = registered.Model.Name,
            Model = registered.Model.Number,
            Version = version.Number,
            Source = version.Source,
            Location = version.Location,
            Description = version.Description,
            Author = version.Author,
            Owner = version.Owner,
            Run = version.Run?.ToString(),
            RunLink = version.RunLink,
            LoggedModel = version.LoggedModel?.ToString(),
            Stage = registered.Stage.ToString(),
            Aliases = [.. registered.Aliases],
            Tags = tags.ToDictionary(static tag => tag.Key, static tag => tag.Value, StringComparer.Ordinal),
            LargeTags = Untold(version.LargeTags, tags),
            Created = version.CreatedAt,
            Updated = version.UpdatedAt,
            Overridden = registered.Model.Overridden.Contains(version.Number) ? true : null,
            Revision = registered.Model.Revision,
            AsOf = asOf,
        };
    }

    internal static ImmutableArray<LargeTag>? Untold(ImmutableArray<LargeTag> large, ImmutableArray<Tag> told)
    {
        var untold = large.RemoveAll(tag => told.Any(other => other.Key == tag.Key));
        return untold.IsEmpty ? null : untold;
    }
}
