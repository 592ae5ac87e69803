namespace ServerlessMeta.Evaluations;

/// <summary>A picture or table that shows an evaluation.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Uri">Where it lies; null when it is a file of the run.</param>
/// <param name="Path">Its path among the artifacts of the evaluation's run; null when it lies elsewhere.</param>
/// <param name="Digest">Of its bytes, if that was said.</param>
public sealed record EvaluationPlot(string Name, string? Uri, string? Path, string? Digest);
