using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>Batches with labels that wait for their predictions, the oldest first.</summary>
/// <param name="Waiting">How many labels wait in all.</param>
/// <param name="Batches">A page of the batches.</param>
/// <param name="NextPageToken">Where the next page begins; absent on the last.</param>
public sealed record WaitingPage(long Waiting, ImmutableArray<BatchView> Batches, string? NextPageToken = null);
