using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>
/// What a feature tells the audit of its objects, so that their entries can be listed, verified and sealed without knowing the feature. One for each kind, registered as
/// a singleton. Most features say the first four only: then row keys are <c>{letter}|{object}</c> for an object's own row and <c>{letter}|{object}|...</c> for the rows of its
/// record, and {object} has one width in a kind. An object's own row is never removed, for it has the head of the chain: what is deleted is marked so.
/// </summary>
internal sealed record AuditSource
{
    /// <summary>The kind, as in <c>run:{id}</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The letters with which the keys of audited rows begin; first that of the objects' own rows.</summary>
    public required string Letters { get; init; }

    /// <summary>Every partition that may hold such objects.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<AuditedPartition>> Partitions { get; init; }

    /// <summary>Where an object of a given id would lie; null: nowhere. The id may be what people call it.</summary>
    public required Func<string, CancellationToken, Task<AuditedObject?>> Locate { get; init; }

    /// <summary>The digest of what a row records; null when it records nothing (a mark, a place that is empty by now). The writer's entries must name the same.</summary>
    public Func<TableEntity, string?> Digest { get; init; } = RowDigest.Of;

    /// <summary>The columns of audited rows to read, the head's among them; null: all.</summary>
    public string[]? Columns { get; init; }

    /// <summary>The key of the object that an audited row belongs to; null when the row is no part of a record.</summary>
    public Func<string, string?> ObjectOf { get; init; } = static rowKey =>
    {
        var end = rowKey.IndexOf('|', 2);
        return end < 0 ? rowKey[2..] : rowKey[2..end];
    };

    /// <summary>Whether a row may hold the head of an object's chain; null: those of the first letter with no part behind the object's.</summary>
    public Func<string, bool>? IsHome { get; init; }

    /// <summary>Where the audited rows of one object lie; null: in the range of each letter.</summary>
    public Func<AuditedObject, IEnumerable<(string From, string Below)>>? RowsOf { get; init; }

    /// <summary>Whether objects' own rows have the order of their keys, so that a partition can be verified in parts.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>Whether its partitions can be listed at a bearable cost: else entries are found by object only.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>For kinds that are not listed: the partition of those that belong to an object of another kind, as <c>run:{id}</c>; null for others.</summary>
    public Func<string, CancellationToken, Task<AuditedPartition?>>? Within { get; init; }

    /// <summary>The partitions from one on, for kinds that have too many to begin anew each time.</summary>
    public Func<string, CancellationToken, IAsyncEnumerable<AuditedPartition>>? PartitionsFrom { get; init; }

    /// <summary>Whether checkpoints seal its chains.</summary>
    public bool IsSealed { get; init; } = true;

    /// <summary>Of a partition the objects whose chains may have grown behind a cursor (no list: any may), and the next cursor; null: heads are read of all.</summary>
    public Func<AuditedPartition, long, CancellationToken, Task<(IReadOnlyList<string>? Keys, long Cursor)>>? ChangedSince { get; init; }

    /// <summary>Whether there were never such objects without the audit: then one without entries was put there behind its back.</summary>
    public bool IsAlwaysAudited { get; init; }

    /// <summary>What else can be proven of one object by its entries, beside its rows; tells what is wrong, or null.</summary>
    public Func<AuditedObject, IReadOnlyList<AuditEntry>, CancellationToken, Task<string?>>? CheckData { get; init; }

    public bool Holds(string rowKey) => rowKey.Length > 2 && rowKey[1] == '|' && Letters.Contains(rowKey[0], StringComparison.Ordinal);

    /// <summary>The digest of a row that anyone may have changed: of one that cannot be read what no entry ever named.</summary>
    public string? DigestOf(TableEntity row)
    {
        try
        {
            return Digest(row);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            return "unreadable";
        }
    }

    /// <summary>The object of a row that anyone may have written; false when its key is none that the feature writes.</summary>
    public bool TryObjectOf(string rowKey, out string? key)
    {
        try
        {
            key = ObjectOf(rowKey);
            return true;
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            key = null;
            return false;
        }
    }

    public bool HoldsHead(string rowKey) => IsHome is null ? rowKey[0] == Letters[0] && rowKey.IndexOf('|', 2) < 0 : IsHome(rowKey);

    public IEnumerable<(string From, string Below)> RangesOf(AuditedObject one) => RowsOf?.Invoke(one) ?? Letters.Select(letter => ($"{letter}|{one.Key}", $"{letter}|{one.Key}}}"));

    /// <summary>The key of an object's own row, where keys are as most features have them.</summary>
    public static string HomeOf(char letter, string key) => $"{letter}|{key}";

    /// <summary>The range of a letter from one object to another (not included; null: to the last).</summary>
    public static (string From, string Below) Between(char letter, string from, string? below) => ($"{letter}|{from}", below is null ? $"{letter}}}" : $"{letter}|{below}");
}
