namespace ServerlessMeta.Evaluations;

/// <summary>A metric with the evaluation that measured it.</summary>
public sealed record Measured(Evaluation Evaluation, EvaluationMetric Metric);
