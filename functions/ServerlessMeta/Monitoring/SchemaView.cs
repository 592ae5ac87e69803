namespace ServerlessMeta.Monitoring;

/// <summary>Which columns are more than features, as it is written and answered.</summary>
/// <param name="Task"><c>none</c>, <c>regression</c>, <c>binary</c> or <c>multiclass</c>.</param>
/// <param name="Id">The column with the id of a prediction, by which labels find it.</param>
/// <param name="Time">With its time.</param>
/// <param name="Prediction">With what was predicted.</param>
/// <param name="Score">With the probability of the positive class.</param>
/// <param name="Label">With what was true, where it is known at once.</param>
/// <param name="Positive">The positive class.</param>
public sealed record SchemaView(string? Task, string? Id, string? Time, string? Prediction, string? Score, string? Label, string? Positive);
