namespace ServerlessMeta.Triggers;

/// <summary>A window that was counted when a trigger fired.</summary>
public sealed record TriggerWindow(string Window, DateTimeOffset Start, DateTimeOffset End, bool Hit);
