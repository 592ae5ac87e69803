namespace ServerlessMeta.Audit;

/// <summary>Where an object lies.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Key">The part of the row keys that names it there.</param>
/// <param name="Home">The row key of its own row, which holds the head of its chain.</param>
internal sealed record AuditedObject(AuditedPartition Partition, string Key, string Home);
