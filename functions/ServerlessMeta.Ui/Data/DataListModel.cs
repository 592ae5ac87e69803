using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;

namespace ServerlessMeta.Ui.Data;

/// <param name="Type">Only those of this type; null: all.</param>
/// <param name="Prefix">How names begin; empty: in any way.</param>
/// <param name="Artifacts">In the order of their names.</param>
/// <param name="Next">The page behind this one.</param>
/// <param name="FirstStep">How a dataset is recorded.</param>
public sealed record DataListModel(ArtifactType? Type, string Prefix, ImmutableArray<Artifact> Artifacts, string? Next, string FirstStep);
