namespace ServerlessMeta.Evaluations;

public sealed record EvaluationDatasetView(string Name, string Digest);
