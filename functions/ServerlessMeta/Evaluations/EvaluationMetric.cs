namespace ServerlessMeta.Evaluations;

/// <summary>A measured value, with what is known of its certainty.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Value">Finite.</param>
/// <param name="Count">How many samples it was measured on; at least 1.</param>
/// <param name="Low">The lower end of its confidence interval, not above the value.</param>
/// <param name="High">The upper end, not below the value.</param>
public sealed record EvaluationMetric(string Key, double Value, long? Count = null, double? Low = null, double? High = null);
