namespace ServerlessMeta.Evaluations;

/// <summary>
/// A metric of two versions. <c>outcome</c>: same, better, worse; changed when nobody said whether more is better; otherData when the values come of different contents of
/// the dataset; missing when one of them was not measured. <c>difference</c> is the value less the other's, <c>relative</c> in parts of the other's.
/// <c>directionFrom</c>: policy, evaluation, or guess by the metric's name.
/// </summary>
public sealed record MetricComparisonView
{
    public required string Dataset { get; init; }

    public string? Slice { get; init; }

    public required string Metric { get; init; }

    public MeasuredView? Of { get; init; }

    public MeasuredView? With { get; init; }

    public double? Difference { get; init; }

    public double? Relative { get; init; }

    public bool? IntervalsOverlap { get; init; }

    public bool? HigherIsBetter { get; init; }

    public string? DirectionFrom { get; init; }

    public required string Outcome { get; init; }

    internal static MetricComparisonView From(MetricComparison comparison) => new()
    {
        Dataset = comparison.Dataset,
        Slice = comparison.Slice,
        Metric = comparison.Metric,
        Of = MeasuredView.From(comparison.Of),
        With = MeasuredView.From(comparison.With),
        Difference = comparison.Difference,
        Relative = comparison.Relative,
        IntervalsOverlap = comparison.IntervalsOverlap,
        HigherIsBetter = comparison.HigherIsBetter,
        DirectionFrom = comparison.DirectionFrom,
        Outcome = comparison.Outcome switch { MetricOutcome.OtherData => "otherData", var outcome => outcome.ToString().ToLowerInvariant() },
    };
}
