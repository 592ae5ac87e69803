namespace ServerlessMeta.Monitoring;

/// <param name="Detector">Which: <c>adwin</c>, <c>hddm_a</c>, <c>page_hinkley</c>, ...</param>
/// <param name="Signal">What it looked at: <c>error</c> or <c>loss</c>.</param>
/// <param name="PredictionId">The labelled prediction at which it fired.</param>
/// <param name="Event">How many labelled events it had seen, this one included.</param>
/// <param name="IsWarning">A warning; else drift.</param>
public sealed record DetectorAlarm(string Detector, string Signal, DateTimeOffset At, string PredictionId, long Event, bool IsWarning);
