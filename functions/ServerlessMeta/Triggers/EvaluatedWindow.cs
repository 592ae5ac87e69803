namespace ServerlessMeta.Triggers;

/// <summary>That a rule has judged a window.</summary>
/// <param name="Revision">Of the window's result.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Hit">Whether it hit; null: unknown.</param>
/// <param name="Value">The value of the first condition on windows, for people.</param>
internal sealed record EvaluatedWindow(string Window, DateTimeOffset Start, DateTimeOffset End, int Version, int Revision, WindowOutcome Outcome, bool? Hit, double? Value, long Labelled, bool IsFiring);
