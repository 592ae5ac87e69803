namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>Why what was written cannot be read, and where.</summary>
/// <param name="Detail">What is wrong.</param>
/// <param name="Before">What stands before the fault.</param>
/// <param name="Rest">What stands from the fault on; null when the place is not known.</param>
public sealed record FilterFault(string Detail, string Before, string? Rest);
