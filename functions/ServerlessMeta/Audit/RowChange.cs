namespace ServerlessMeta.Audit;

/// <summary>A row that a change wrote: its digest before and after (see <see cref="RowDigest"/>); null where it was, or is, absent.</summary>
internal readonly record struct RowChange(string RowKey, string? Before, string? After);
