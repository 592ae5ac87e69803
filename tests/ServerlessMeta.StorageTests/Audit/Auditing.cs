using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Audit;

namespace ServerlessMeta.StorageTests.Audit;

internal static class Auditing
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every entry of an object, the newest first.</summary>
    public static Task<ImmutableArray<AuditEntryView>> EntriesAsync(this Instance store, string named) => store.ListAuditAsync(new AuditQuery { Object = named }, 1000);

    public static async Task<ImmutableArray<AuditEntryView>> ListAuditAsync(this Instance store, AuditQuery query, int limit)
    {
        var all = ImmutableArray.CreateBuilder<AuditEntryView>();
        string? token = null;
        do
        {
            var page = (await store.Audit.ListAsync(query, limit, token, Ct)).Value;
            Assert.InRange(page.Items.Length, 0, limit);
            all.AddRange(page.Items);
            token = page.Next;
        }
        while (token is not null);
        return all.ToImmutable();
    }

    /// <summary>Every entry of an object, the oldest first, after its chain and its rows were verified.</summary>
    public static async Task<ImmutableArray<AuditEntryView>> SoundChainAsync(this Instance store, string named)
    {
        Assert.Empty((await store.AuditVerifier.VerifyAsync(named, Ct)).Value.Findings);
        return [.. (await store.EntriesAsync(named)).Reverse()];
    }

    /// <summary>Verifies the whole store.</summary>
    public static async Task<(long Objects, long Entries, long Unaudited, ImmutableArray<AuditFindingView> Findings)> VerifyAllAsync(this Instance store)
    {
        var (objects, entries, unaudited) = (0L, 0L, 0L);
        var findings = ImmutableArray.CreateBuilder<AuditFindingView>();
        string? token = null;
        do
        {
            var report = (await store.AuditVerifier.VerifyNextAsync(token, Ct)).Value;
            (objects, entries, unaudited) = (objects + report.Objects, entries + report.Entries, unaudited + report.Unaudited);
            findings.AddRange(report.Findings);
            token = report.NextPageToken;
        }
        while (token is not null);
        return (objects, entries, unaudited, findings.ToImmutable());
    }

    public static async Task AssertSoundAsync(this Instance store)
    {
        var (objects, entries, unaudited, findings) = await store.VerifyAllAsync();
        Assert.Empty(findings);
        Assert.Equal(0, unaudited);
        Assert.True(entries >= objects && objects > 0);
    }

    /// <summary>Makes a change of one object behind the store's back, and gives what verification of it finds.</summary>
    public static async Task<ImmutableArray<AuditFindingView>> FindingsAsync(this Instance store, string named) => (await store.AuditVerifier.VerifyAsync(named, Ct)).Value.Findings;

    public static async Task<TableEntity> RowAsync(this TableClient table, string partition, string rowKey) => (await table.GetEntityAsync<TableEntity>(partition, rowKey, cancellationToken: Ct)).Value;

    /// <summary>The rows of a partition whose keys begin so.</summary>
    public static async Task<List<TableEntity>> RowsAsync(this TableClient table, string partition, string prefix)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {prefix}"), cancellationToken: Ct))
        {
            if (row.RowKey.StartsWith(prefix, StringComparison.Ordinal))
            {
                rows.Add(row);
            }
        }
        return rows;
    }

    public static Task PutAsync(this TableClient table, TableEntity row) => table.UpsertEntityAsync(row, TableUpdateMode.Replace, Ct);

    public static Task RemoveAsync(this TableClient table, TableEntity row) => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Ct);

    /// <summary>
    /// The strongest forger without keys: writes a chain anew from some entry on, with all hashes, the entries by time and the head; of each entry as <paramref name="change"/> says,
    /// null takes it and those after it away.
    /// </summary>
    public static async Task ForgeAsync(this TableClient table, string partition, string homeKey, string objectKey, Func<AuditEntry, AuditEntry?> change)
    {
        var home = await table.RowAsync(partition, homeKey);
        var head = AuditHead.None;
        var cut = false;
        foreach (var row in Enumerable.Reverse(await table.RowsAsync(partition, AuditKeys.Entries(objectKey).From)))
        {
            var commit = AuditCommit.Of(row);
            var byTime = await table.RowAsync(partition, ObjectCheck.ByTimeKey(objectKey, commit)!);
            await table.RemoveAsync(byTime);
            await table.RemoveAsync(row);
            var lines = new List<byte[]>();
            foreach (var entry in commit.Entries)
            {
                if (cut || change(entry! with { Previous = Convert.ToHexStringLower(head.Hash) }) is not { } next)
                {
                    cut = true;
                    break;
                }
                lines.Add(AuditLine.Write(next));
                head = new AuditHead(next.Number, AuditEntry.HashOf(lines[^1]), next.At);
            }
            if (lines.Count > 0)
            {
                await table.PutAsync(AuditRow.From(partition, row.RowKey, lines, "w"));
                await table.PutAsync(AuditRow.From(partition, AuditKeys.ByTime(head.At, objectKey, commit.First), lines, "w"));
            }
        }
        head.Write(home);
        await table.PutAsync(home);
    }
}
