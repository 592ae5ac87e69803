using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>
/// What a feature tells the audit of its objects, so that entries can be listed and verified without knowing the feature. One for each kind, registered as a singleton.
/// </summary>
internal sealed record AuditSource
{
    /// <summary>The kind, as in <c>run:{id}</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Every partition that may hold such objects.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<AuditedPartition>> Partitions { get; init; }

    /// <summary>Where an object of a given id lies, and its key there; null: there is none. The id may be what people call it.</summary>
    public required Func<string, CancellationToken, Task<(AuditedPartition Partition, string ObjectKey)?>> Locate { get; init; }

    /// <summary>The key of the object that a row belongs to; null when the row is not part of an audited record (caches, claims, outbox, history).</summary>
    public required Func<string, string?> ObjectOf { get; init; }

    /// <summary>Whether the row is the object's own, which holds the head of its chain.</summary>
    public required Func<string, bool> IsHome { get; init; }

    /// <summary>The columns of the audited rows to read; null: all.</summary>
    public string[]? Columns { get; init; }

    /// <summary>Which properties of a row are part of its digest.</summary>
    public Func<string, bool> IsRecord { get; init; } = static _ => true;

    public string DigestOf(TableEntity row) => RowDigest.Of(row, IsRecord);
}
