namespace ServerlessMeta.Runs;

/// <summary>Finishes what a crash may have left of a run that has inputs, before upkeep cools it. May run twice.</summary>
/// <returns>Whether the run may cool; else it stays hot, and upkeep asks again.</returns>
internal delegate Task<bool> BeforeCooling(RunId run, CancellationToken ct);
