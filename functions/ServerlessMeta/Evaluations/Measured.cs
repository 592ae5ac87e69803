namespace ServerlessMeta.Evaluations;

/// <summary>A metric with the evaluation that measured it, of whose content no more is kept than dataset, digest, slice, time and directions.</summary>
public sealed record Measured(Evaluation Evaluation, EvaluationMetric Metric);
