using System.Collections.Immutable;
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
}
