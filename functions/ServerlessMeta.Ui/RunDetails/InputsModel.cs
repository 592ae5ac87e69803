using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Datasets">What it read.</param>
/// <param name="ModelsRead">The logged models that it read.</param>
/// <param name="ModelsMade">Those that it made.</param>
/// <param name="Versions">The registered versions made from it.</param>
/// <param name="Artifacts">The artifact versions that it made and used.</param>
public sealed record InputsModel(
    string Id, ImmutableArray<DatasetLine> Datasets, ImmutableArray<LoggedModelLine> ModelsRead, ImmutableArray<LoggedModelLine> ModelsMade, ImmutableArray<VersionLine> Versions, ImmutableArray<VersionUse> Artifacts)
{
    public bool IsEmpty => Datasets.IsEmpty && ModelsRead.IsEmpty && ModelsMade.IsEmpty && Versions.IsEmpty && Artifacts.IsEmpty;
}
