using System.Collections.Immutable;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Roots">Where files lie: the run's own, and those of each model that it made, with the address of each; more than one is a choice.</param>
/// <param name="Root">The place that is shown.</param>
/// <param name="Lines">The tree, the folders on the way to what is shown opened.</param>
/// <param name="IsCut">Whether a folder has more than is listed.</param>
/// <param name="Elsewhere">Why there is no tree; null: there is.</param>
/// <param name="File">The file that is shown; null: none was chosen.</param>
public sealed record ArtifactsModel(
    string Id, ImmutableArray<(string Name, string Address)> Roots, string Root, ImmutableArray<ArtifactLine> Lines, bool IsCut, string? Elsewhere, FileModel? File);
