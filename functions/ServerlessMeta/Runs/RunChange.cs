namespace ServerlessMeta.Runs;

/// <summary>How a run stands.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Revision">Of the last write.</param>
internal sealed record RunChange(string Name, RunStatus Status, long Revision);
