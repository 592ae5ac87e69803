using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Experiments;

/// <param name="Name">What names have in them; null: all are listed.</param>
/// <param name="Experiments">The one that changed last comes first.</param>
/// <param name="Next">The page behind this one.</param>
/// <param name="FirstSteps">How the first run is logged.</param>
public sealed record ExperimentsModel(string? Name, ImmutableArray<Experiment> Experiments, string? Next, IReadOnlyList<Snippet> FirstSteps);
