namespace ServerlessMeta.Monitoring;

/// <summary>What is watched, as a request named it.</summary>
/// <param name="Target">Which it is.</param>
/// <param name="Name">What people call it: <c>churn/3</c>, or the monitor's name.</param>
/// <param name="Path">Where its endpoints begin, encoded.</param>
internal sealed record FoundTarget(MonitorTarget Target, string Name, string Path);
