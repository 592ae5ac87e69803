namespace ServerlessMeta.Triggers;

/// <summary>A trigger that is decided, and comes as soon as nothing holds it back.</summary>
/// <param name="Decision">Its id.</param>
/// <param name="Edge">The start of the window at which the rule began to fire, or the moment.</param>
/// <param name="IsTimed">By conditions of time; else by windows, and then it is dropped when the drift ends.</param>
/// <param name="Found">Why; null: nothing was noted yet.</param>
internal sealed record PendingFire(string Decision, DateTimeOffset Edge, bool IsTimed, FireCause? Found = null);
