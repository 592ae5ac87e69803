namespace ServerlessMeta.Datasets;

/// <summary>A logged model that a run made, at a step.</summary>
public sealed record ModelOutput(string ModelId, long Step);
