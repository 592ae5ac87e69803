namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>What events cost on their way into storage.</summary>
/// <param name="Rate">Events a second.</param>
/// <param name="Ours">Milliseconds of processor time that an event takes of the store.</param>
/// <param name="Storage">The same of Azurite, which has one thread.</param>
/// <param name="Operations">Storage operations an event.</param>
internal sealed record IngestCost(double Rate, double Ours, double Storage, double Operations);
