using System.Collections.Immutable;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A registered version that was made from a run.</summary>
public sealed record VersionLine(string Model, int Number, string Stage, ImmutableArray<string> Aliases);
