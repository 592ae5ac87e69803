using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// One content of an artifact. What is said of it stays; what was not known before is added: a digest of another kind, another location, a size, a schema,
/// a description, keys of metadata.
/// </summary>
public sealed record ArtifactVersion
{
    /// <summary>Locations that a version keeps, in bytes packed.</summary>
    public const int LocationBytes = 60 * 1024;

    /// <summary>Metadata that a version keeps, in bytes packed.</summary>
    public const int MetadataBytes = 60 * 1024;

    public required string Name { get; init; }

    public required long Number { get; init; }

    public required ArtifactType Type { get; init; }

    public required ArtifactDigests Digests { get; init; }

    /// <summary>Where the content lies, in the order in which the places were named.</summary>
    public required ImmutableArray<string> Locations { get; init; }

    public long? Size { get; init; }

    /// <summary>JSON, as it was given.</summary>
    public string? Schema { get; init; }

    public required ImmutableArray<Tag> Metadata { get; init; }

    /// <summary>The run that was first said to have made it.</summary>
    public RunId? ProducedBy { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>1 when made, one more at each addition.</summary>
    public required long Revision { get; init; }

    public static ArtifactVersion First(Registration wanted, ArtifactType type, long number, DateTimeOffset at) => new()
    {
        Name = wanted.Name,
        Number = number,
        Type = type,
        Digests = wanted.Digests,
        Locations = wanted.Location is { } location ? [location] : [],
        Size = wanted.Size,
        Schema = wanted.Schema,
        Metadata = wanted.Metadata,
        ProducedBy = wanted.ProducedBy,
        Description = wanted.Description,
        CreatedAt = at,
        UpdatedAt = at,
        Revision = 1,
    };

    /// <summary>The version with what a registration of the same content adds; the same object when that is nothing.</summary>
    public ArtifactVersion With(Registration more, DateTimeOffset at)
    {
        var digests = Digests.With(more.Digests);
        var known = Metadata.Select(static pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        var added = more.Metadata.Where(pair => !known.Contains(pair.Key)).ToList();
        var next = this with
        {
            Digests = digests == Digests ? Digests : digests,
            Locations = more.Location is { } location && !Locations.Contains(location, StringComparer.Ordinal) ? Locations.Add(location) : Locations,
            Size = Size ?? more.Size,
            Schema = Schema ?? more.Schema,
            Metadata = added.Count == 0 ? Metadata : Metadata.AddRange(added),
            ProducedBy = ProducedBy ?? more.ProducedBy,
            Description = Description ?? more.Description,
        };
        return next == this ? this : next with { Revision = Revision + 1, UpdatedAt = at };
    }
}
