using System.Collections.Immutable;

namespace ServerlessMeta.Models;

/// <summary>A model that a search found, with the newest version of each stage that has one.</summary>
public sealed record FoundModel(RegisteredModel Model, ImmutableArray<ModelVersion> Latest);
