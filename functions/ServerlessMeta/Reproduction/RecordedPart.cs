namespace ServerlessMeta.Reproduction;

/// <summary>A part of what a run needs, and how well it is recorded.</summary>
/// <param name="Part">code, data, environment, entryPoint, params, seed.</param>
/// <param name="Status">How well.</param>
/// <param name="Detail">What was found, or what is not there.</param>
public sealed record RecordedPart(string Part, PartStatus Status, string Detail);
