namespace ServerlessMeta.Platform;

/// <summary>A refused change of a write-once value.</summary>
public sealed record ParamChange(string Key, string OldValue, string NewValue);
