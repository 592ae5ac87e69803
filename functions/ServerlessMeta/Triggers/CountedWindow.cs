namespace ServerlessMeta.Triggers;

/// <summary>One of the last windows that a rule counts.</summary>
/// <param name="Hit">As it was judged when it was counted.</param>
/// <param name="HitIfDue">Whether it would have hit, were it a moment of the rule's schedules.</param>
internal sealed record CountedWindow(string Window, DateTimeOffset Start, DateTimeOffset End, bool Hit, bool HitIfDue);
