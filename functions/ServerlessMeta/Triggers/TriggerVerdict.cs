namespace ServerlessMeta.Triggers;

/// <summary>Whether retraining helped.</summary>
/// <param name="Outcome"><c>helped</c>, <c>same</c>, <c>worse</c> or <c>undecided</c>.</param>
/// <param name="IsFinal">It will not be judged again.</param>
/// <param name="Basis">What was compared: <c>performance</c> by labels, <c>predictionDrift</c>, <c>evaluations</c> on one dataset; null: nothing yet.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Dataset">The dataset of evaluations.</param>
/// <param name="Old">The version that was to be retrained.</param>
/// <param name="New">The version that came of it.</param>
/// <param name="Difference">New less old.</param>
/// <param name="Low">The interval of the difference, 95 %.</param>
/// <param name="Reason">In words.</param>
/// <param name="Seen">What it was judged by: the same again needs no new judgement.</param>
public sealed record TriggerVerdict(
    string Outcome, bool IsFinal, DateTimeOffset At, string? Basis, string? Metric, string? Dataset, VerdictSide? Old, VerdictSide? New, double? Difference, double? Low, double? High, string Reason, string Seen)
{
    public const string Helped = "helped";
    public const string Same = "same";
    public const string Worse = "worse";
    public const string Undecided = "undecided";
}
