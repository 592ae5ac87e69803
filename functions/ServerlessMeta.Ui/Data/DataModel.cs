using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;

namespace ServerlessMeta.Ui.Data;

/// <param name="Artifact">The dataset, or whatever it is.</param>
/// <param name="Versions">The newest first.</param>
/// <param name="Next">The page behind these.</param>
/// <param name="Shown">The version that is looked at.</param>
/// <param name="Columns">Its columns with their types; null: its schema is no list of columns.</param>
/// <param name="Statistics">What a run said of its numbers.</param>
/// <param name="Uses">Runs that made or used it.</param>
/// <param name="HasMoreUses">Whether there are others.</param>
/// <param name="Models">Versions of models that came of these runs.</param>
/// <param name="Difference">What differs from another version; null: there is none.</param>
/// <param name="ChangedStatistics">Of that difference.</param>
public sealed record DataModel(
    Artifact Artifact, ImmutableArray<ArtifactVersion> Versions, string? Next, ArtifactVersion Shown, IReadOnlyList<KeyValuePair<string, string>>? Columns, IReadOnlyList<KeyValuePair<string, string>> Statistics,
    ImmutableArray<DataUse> Uses, bool HasMoreUses, ImmutableArray<DataModelVersion> Models, VersionComparison? Difference, ImmutableArray<TextChange> ChangedStatistics);
