namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>What detectors hear of a labelled prediction.</summary>
/// <param name="Error">1 when a class was wrong, else 0; of a number its absolute error.</param>
/// <param name="Loss">(score - label)^2 of a class that has a score; null: none.</param>
internal readonly record struct LabelledEvent(DateTimeOffset At, string Id, double Error, double? Loss);
