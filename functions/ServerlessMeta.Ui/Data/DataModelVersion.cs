using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Data;

/// <param name="Model">The model's name.</param>
/// <param name="Version">A version that came of a run which made or used the data.</param>
/// <param name="Aliases">What it holds.</param>
public sealed record DataModelVersion(string Model, int Version, ImmutableArray<string> Aliases);
