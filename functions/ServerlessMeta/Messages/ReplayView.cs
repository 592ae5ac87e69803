namespace ServerlessMeta.Messages;

/// <summary>A dead letter that was sent to its queue again.</summary>
public sealed record ReplayView(string Queue, string Id);
