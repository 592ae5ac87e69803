using System.Globalization;

namespace ServerlessMeta.Evaluations;

/// <summary>A metric of one version beside the same of another, on the same dataset and slice.</summary>
public sealed record MetricComparison
{
    public required string Dataset { get; init; }

    public string? Slice { get; init; }

    public required string Metric { get; init; }

    /// <summary>Of the version that is looked at; null: it was not measured.</summary>
    public Measured? Of { get; init; }

    /// <summary>Of the version it is compared with; null: it was not measured.</summary>
    public Measured? With { get; init; }

    public bool? HigherIsBetter { get; init; }

    /// <summary>Who says which is better: <c>policy</c>, <c>evaluation</c>, <c>guess</c>; null: nobody.</summary>
    public string? DirectionFrom { get; init; }

    /// <summary>The value less the other's, as decimals; null when one is missing, or when it is beyond any number.</summary>
    public double? Difference => Of is not null && With is not null && Subtract(Of.Metric.Value, With.Metric.Value) is var difference && double.IsFinite(difference) ? difference : null;

    /// <summary>The difference in parts of the other's value without its sign; null when that is 0.</summary>
    public double? Relative => Difference is { } difference && With!.Metric.Value != 0 && difference / Math.Abs(With.Metric.Value) is var relative && double.IsFinite(relative) ? relative : null;

    /// <summary>Whether the two confidence intervals have a value in common; null when one is not whole.</summary>
    public bool? IntervalsOverlap => Of?.Metric is { Low: { } low, High: { } high } && With?.Metric is { Low: { } otherLow, High: { } otherHigh } ? low <= otherHigh && otherLow <= high : null;

    public MetricOutcome Outcome => (Of, With) switch
    {
        (null, _) or (_, null) => MetricOutcome.Missing,
        var (of, with) when of.Evaluation.Content.Digest != with.Evaluation.Content.Digest => MetricOutcome.OtherData,
        var (of, with) when of.Metric.Value == with.Metric.Value => MetricOutcome.Same,
        var (of, with) => HigherIsBetter switch
        {
            null => MetricOutcome.Changed,
            { } higher => of.Metric.Value > with.Metric.Value == higher ? MetricOutcome.Better : MetricOutcome.Worse,
        },
    };

    /// <summary>Compares all that was measured of two versions. Values on the same content of the dataset count, if there are any.</summary>
    public static IEnumerable<MetricComparison> Compare(Measurements of, Measurements with, MetricDirections directions)
    {
        foreach (var (dataset, slice, metric) in of.Keys.Union(with.Keys).OrderBy(static key => key.Dataset, StringComparer.Ordinal).ThenBy(static key => key.Slice, StringComparer.Ordinal).ThenBy(static key => key.Metric, StringComparer.Ordinal))
        {
            var (mine, other) = Measurements.FindBoth(of, with, dataset, null, slice, metric);
            var newer = mine?.Evaluation.RecordedAt >= other?.Evaluation.RecordedAt;
            var (higher, source) = directions.Find(metric, (newer ? mine : other)?.Evaluation.Content, (newer ? other : mine)?.Evaluation.Content);
            yield return new MetricComparison { Dataset = dataset, Slice = slice, Metric = metric, Of = mine, With = other, HigherIsBetter = higher, DirectionFrom = source };
        }
    }

    /// <summary>One number less another as people calculate, so that 0.8 less 0.1 is 0.7.</summary>
    public static double Subtract(double one, double other) => Exact(one) is { } from && Exact(other) is { } less ? (double)(from - less) : one - other;

    // Beyond these sizes a decimal has fewer digits than a double, or none.
    private static decimal? Exact(double number) =>
        number == 0 ? 0 : Math.Abs(number) is > 1e-10 and < 1e14 && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? exact : null;
}
