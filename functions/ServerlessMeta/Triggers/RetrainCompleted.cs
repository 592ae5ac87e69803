namespace ServerlessMeta.Triggers;

/// <summary>That retraining ended.</summary>
/// <param name="Run">The run that did it, when there is one.</param>
/// <param name="ModelVersion">The number of the version that came of it; absent: it is found by the run when it is registered.</param>
/// <param name="Status"><c>succeeded</c> (when absent) or <c>failed</c>.</param>
public sealed record RetrainCompleted(string? Run = null, int? ModelVersion = null, string? Status = null);
