using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Datasets;

/// <summary>A dataset that a run read, identified by (name, digest), with the tags of the use (such as its context).</summary>
public sealed record DatasetInput(string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile, ImmutableArray<Tag> Tags);
