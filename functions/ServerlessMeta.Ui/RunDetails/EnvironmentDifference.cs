using System.Collections.Immutable;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>How the environment of another run differs.</summary>
/// <param name="OtherId">The other run.</param>
/// <param name="OtherName">What it is called.</param>
/// <param name="Rows">What differs: its name, here, there; null where a side has none.</param>
public sealed record EnvironmentDifference(string OtherId, string OtherName, ImmutableArray<(string Name, string? Here, string? There)> Rows);
