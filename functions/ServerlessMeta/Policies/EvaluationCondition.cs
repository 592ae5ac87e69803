namespace ServerlessMeta.Policies;

/// <summary>
/// What an evaluation of a version must say: the last one recorded on the dataset and slice that has the metric decides. Written
/// <c>accuracy &gt;= 0.9 on holdout</c>, or in full <c>low(accuracy) &gt;= 0.9 on holdout digest 1a2b slice "age &lt; 30" n &gt;= 500</c>.
/// </summary>
public sealed record EvaluationCondition
{
    public required string Metric { get; init; }

    public MetricBound Bound { get; init; }

    public required Comparator Comparator { get; init; }

    /// <summary>Finite.</summary>
    public required double Value { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The content of the dataset that it must be; null: any.</summary>
    public string? Digest { get; init; }

    /// <summary>The slice; null: the whole dataset.</summary>
    public string? Slice { get; init; }

    /// <summary>How many samples it must rest on; null: it does not matter.</summary>
    public long? LeastCount { get; init; }

    public override string ToString() => EvaluationConditionText.Write(this);
}
