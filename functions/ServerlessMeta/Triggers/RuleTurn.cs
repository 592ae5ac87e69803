namespace ServerlessMeta.Triggers;

/// <summary>What a window or a moment did to a rule.</summary>
/// <param name="Step">The state after it.</param>
/// <param name="At">The end of the window, or the moment.</param>
/// <param name="Found">What each condition said.</param>
/// <param name="Judged">That the window was judged; null: it was a moment.</param>
internal sealed record RuleTurn(RuleStep Step, DateTimeOffset At, FireCause Found, EvaluatedWindow? Judged);
