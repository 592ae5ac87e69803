using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>How a version was judged: in brief for its card, and the records themselves for its evidence.</summary>
internal sealed record Judgement
{
    public required ImmutableArray<DossierMetric> Metrics { get; init; }

    public required ImmutableArray<DossierVerdict> Verdicts { get; init; }

    public required ImmutableArray<DossierDecision> Decisions { get; init; }

    public required ImmutableArray<(string Path, byte[] Json)> Records { get; init; }
}
