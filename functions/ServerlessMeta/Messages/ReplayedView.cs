namespace ServerlessMeta.Messages;

/// <summary>The dead letters that were sent to their queue again.</summary>
/// <param name="TooOld">So many were left, for they came before what is remembered of applied messages begins.</param>
/// <param name="HasMore">There are more than were asked for: ask again.</param>
public sealed record ReplayedView(string Queue, int Replayed, int TooOld, bool HasMore);
