using System.Collections.Immutable;
using ServerlessMeta.Models;

namespace ServerlessMeta.Ui.Home;

/// <param name="Model">The model's name.</param>
/// <param name="Version">What is in production of it.</param>
/// <param name="Holds">The aliases and stages by which it is.</param>
/// <param name="Drift">What watching it says; null: it is not watched.</param>
public sealed record HomeModelVersion(string Model, int Version, ImmutableArray<string> Holds, VersionDrift? Drift);
