namespace ServerlessMeta.Triggers;

/// <param name="Outcome"><c>counted</c>, <c>skipped</c> or <c>late</c>.</param>
/// <param name="Hit">Absent: unknown.</param>
/// <param name="Value">Of the first condition on windows.</param>
/// <param name="State"><c>ok</c> or <c>firing</c> after it.</param>
/// <param name="HeldBy">What held back a trigger.</param>
/// <param name="Reason">Why nothing is known of it; absent: something is.</param>
public sealed record DryRunWindow(string Window, DateTimeOffset Start, DateTimeOffset End, string Outcome, bool? Hit, double? Value, string State, string? HeldBy, string? Reason);
