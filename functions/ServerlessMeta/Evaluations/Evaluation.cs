namespace ServerlessMeta.Evaluations;

/// <summary>An evaluation as it was recorded; it never changes.</summary>
/// <param name="Id">The same for the same content, or for the same key of a request.</param>
/// <param name="Model">The number of the model.</param>
/// <param name="Version">The number of the version.</param>
/// <param name="Content">What was said.</param>
/// <param name="RecordedAt">When it was recorded; this decides which is the latest.</param>
/// <param name="RecordedBy">Who recorded it.</param>
public sealed record Evaluation(string Id, long Model, int Version, EvaluationContent Content, DateTimeOffset RecordedAt, string RecordedBy);
