namespace ServerlessMeta.Datasets;

/// <summary>A logged model that a run read.</summary>
public sealed record ModelInput(string ModelId);
