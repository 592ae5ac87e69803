namespace ServerlessMeta.Monitoring;

/// <summary>What turned out to be true of a prediction.</summary>
/// <param name="PredictionId">The prediction's id.</param>
/// <param name="Label">The class, or the number as text.</param>
/// <param name="Version">A greater one corrects what was said before; 0 when none is given.</param>
/// <param name="PredictedAt">When the prediction was made; null: the label is looked for in every window that may have it.</param>
/// <param name="LabelledAt">When it was known; null: when it came.</param>
internal sealed record PostedLabel(string PredictionId, string Label, long Version, DateTimeOffset? PredictedAt, DateTimeOffset? LabelledAt);
