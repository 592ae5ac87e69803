namespace ServerlessMeta.ModelCards;

/// <summary>What an evaluation measured.</summary>
internal sealed record DossierMetric
{
    /// <summary>The evaluation.</summary>
    public required string Evaluation { get; init; }

    public required string Dataset { get; init; }

    public required string DatasetDigest { get; init; }

    public string? Slice { get; init; }

    public required string Key { get; init; }

    public required double Value { get; init; }

    public long? Count { get; init; }

    public double? Low { get; init; }

    public double? High { get; init; }

    public string? Evaluator { get; init; }

    public required DateTimeOffset At { get; init; }

    public string Record => $"evaluation:{Evaluation}";
}
