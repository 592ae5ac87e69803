using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>
/// An entry: <c>{"object","n","at","by","source","action","name"?,"details":{..},"rows":[{"row","before"?,"after"?}],"previous","hash"}</c>. Hashes and digests are SHA-256 in hex;
/// <c>hash</c> is that of the entry as it is stored, and the next entry of the object has it as <c>previous</c>.
/// </summary>
public sealed record AuditEntryView(
    string Object, long N, DateTimeOffset At, string By, string Source, string Action, string? Name, IReadOnlyDictionary<string, string> Details, ImmutableArray<RowChangeView> Rows, string Previous, string Hash)
{
    internal static AuditEntryView Of(AuditEntry entry, string hash) => new(
        entry.Object, entry.Number, entry.At, entry.By, entry.Source, entry.Action, entry.Name,
        entry.Details.DistinctBy(static one => one.Key).ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal),
        [.. entry.Rows.Select(static row => new RowChangeView(row.RowKey, row.Before, row.After))], entry.Previous, hash);
}
