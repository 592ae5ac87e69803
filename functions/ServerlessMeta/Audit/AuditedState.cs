using System.Collections.Immutable;
using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>All that storage has of one object, as it is to be verified.</summary>
/// <param name="Object">Kind and id, when no entry says it.</param>
/// <param name="Head">The head of its chain.</param>
/// <param name="Home">The key of its own row; null: there is none.</param>
/// <param name="Digests">The digest of each row that records something.</param>
/// <param name="Commits">Its entries, in any order.</param>
internal sealed record AuditedState(string Object, AuditHead Head, string? Home, ImmutableDictionary<string, string> Digests, ImmutableArray<AuditCommit> Commits)
{
    public long Entries => Commits.Sum(static commit => (long)commit.Lines.Count);

    /// <summary>Whether its kind never was without the audit, so that it cannot be from before.</summary>
    public bool IsAlwaysAudited { get; init; }

    /// <summary>Whether nothing of it was ever audited: it is from before.</summary>
    public bool IsUnaudited => Head.Number == 0 && Commits.Length == 0 && !IsAlwaysAudited;

    /// <summary>The object as its newest readable entry names it.</summary>
    public string Name { get; } = Commits.OrderByDescending(static commit => commit.First).SelectMany(static commit => commit.Entries.Reverse()).FirstOrDefault(static entry => entry is not null)?.Object ?? Object;

    /// <summary>The entries that can be read, in order.</summary>
    public IEnumerable<AuditEntry> Read() => Commits.OrderBy(static commit => commit.First).SelectMany(static commit => commit.Entries).OfType<AuditEntry>();

    public static AuditedState Of(AuditSource source, string key, IEnumerable<TableEntity> rows, IEnumerable<TableEntity> entries)
    {
        var head = AuditHead.None;
        string? home = null;
        var digests = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (source.HoldsHead(row.RowKey))
            {
                home ??= row.RowKey;
                // One that cannot be read names nothing, as if it had been set back.
                if (AuditHead.TryOf(row) is { } own && own.Number > head.Number)
                {
                    (head, home) = (own, row.RowKey);
                }
            }
            if (source.DigestOf(row) is { } digest)
            {
                digests[row.RowKey] = digest;
            }
        }
        return new AuditedState($"{source.Kind}:{key}", head, home, digests.ToImmutable(), [.. entries.Where(static row => AuditKeys.IsEntry(row.RowKey)).Select(AuditCommit.Of)]) { IsAlwaysAudited = source.IsAlwaysAudited };
    }
}
