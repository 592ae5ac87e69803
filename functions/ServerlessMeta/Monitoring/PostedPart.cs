namespace ServerlessMeta.Monitoring;

/// <summary>What became of a part that was posted.</summary>
/// <param name="Window">Its window.</param>
/// <param name="Part">The part, as it was posted first.</param>
/// <param name="IsNew">Whether it was posted just now.</param>
internal sealed record PostedPart(MonitoredWindow Window, WindowPart Part, bool IsNew);
