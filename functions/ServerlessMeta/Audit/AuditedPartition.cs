using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>A partition with audited objects.</summary>
internal sealed record AuditedPartition(TableClient Table, string Partition);
