using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Experiments;

/// <summary>What a caller says of a new experiment.</summary>
public sealed record NewExperiment(string Name, string? ArtifactLocation, ImmutableArray<Tag> Tags);
