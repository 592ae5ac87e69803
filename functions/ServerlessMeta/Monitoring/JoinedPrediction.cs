namespace ServerlessMeta.Monitoring;

/// <summary>A prediction with its label, when that came. Classes are text, numbers of a regression are invariant text too.</summary>
/// <param name="Score">The probability of the positive class.</param>
public sealed record JoinedPrediction(string Id, DateTimeOffset At, string? Prediction, double? Score, string? Label, DateTimeOffset? LabelAt);
