namespace ServerlessMeta.Platform;

/// <summary>A named text on an experiment or a run; params have the same shape.</summary>
public readonly record struct Tag(string Key, string Value);
