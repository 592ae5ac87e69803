using System.Collections.Immutable;
using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Ui.Models;

public sealed record EvaluationsModel
{
    /// <summary>That is shown over versions; empty: nothing was measured.</summary>
    public required string Metric { get; init; }

    /// <summary>All that were measured, of any of the versions.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    /// <summary>Null: nobody says.</summary>
    public bool? HigherIsBetter { get; init; }

    /// <summary>By dataset and slice, then by version.</summary>
    public required ImmutableArray<EvaluationPoint> Points { get; init; }

    /// <summary>Those of the version itself, the last on each dataset and slice.</summary>
    public required ImmutableArray<Evaluation> Own { get; init; }
}
