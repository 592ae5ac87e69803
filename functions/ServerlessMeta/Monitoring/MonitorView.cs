namespace ServerlessMeta.Monitoring;

/// <summary>A monitor in the list of monitors.</summary>
/// <param name="Path">Where its endpoints begin.</param>
public sealed record MonitorView(string Name, string Path, DateTimeOffset Created);
