namespace ServerlessMeta.Monitoring;

/// <summary>Digests of what a result was made from: a window with the same has no next revision.</summary>
/// <param name="Parts">Of the ids and the contents of its parts.</param>
/// <param name="Labels">Of the labels that its predictions have.</param>
/// <param name="Options">Of the options.</param>
/// <param name="Baseline">The baseline's number; 0: none.</param>
/// <param name="Phase">0 before its end, 1 while labels are waited for, 2 after.</param>
internal sealed record WindowInputs(string Parts, string Labels, string Options, int Baseline, int Phase);
