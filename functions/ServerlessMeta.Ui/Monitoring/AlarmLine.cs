namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What a detector said.</summary>
/// <param name="Signal">What it looked at.</param>
/// <param name="Event">How many labelled predictions it had seen.</param>
public sealed record AlarmLine(string Detector, string Signal, DateTimeOffset At, string Prediction, long Event, bool IsWarning);
