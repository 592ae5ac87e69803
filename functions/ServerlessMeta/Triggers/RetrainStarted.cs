namespace ServerlessMeta.Triggers;

/// <summary>That retraining began.</summary>
/// <param name="Run">The run that does it, when there is one.</param>
public sealed record RetrainStarted(string? Run = null);
