namespace ServerlessMeta.Monitoring.Analysis;

/// <param name="Result">What is stored.</param>
/// <param name="Detectors">What the detectors remember now.</param>
internal sealed record AnalysisOutput(WindowResult Result, string? Detectors);
