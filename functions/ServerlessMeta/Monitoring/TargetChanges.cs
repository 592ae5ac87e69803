using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>All that is to be computed of a target.</summary>
/// <param name="Partition">Where it lies.</param>
/// <param name="Key">The target's key.</param>
/// <param name="Marks">What is to be computed.</param>
internal sealed record TargetChanges(string Partition, string Key, ImmutableArray<ChangeMark> Marks);
