using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Audit;

namespace ServerlessMeta.StorageTests.Access;

/// <summary>Reads an object's chain of audit entries as an auditor would, and says what is wrong with it.</summary>
internal static class Chain
{
    /// <summary>The entries of an object, after asserting that they are a whole chain, stand by time too, and that the newest word on every row is what the row says.</summary>
    public static async Task<ImmutableArray<AuditEntry>> ReadAsync(TableClient table, string partition, string objectKey, string homeKey)
    {
        var rows = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: TestContext.Current.CancellationToken))
        {
            rows[row.RowKey] = row;
        }
        var (from, below) = AuditKeys.Entries(objectKey);
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        var (previous, said) = (new byte[32], new Dictionary<string, string?>(StringComparer.Ordinal));
        foreach (var row in rows.Values.Where(row => string.CompareOrdinal(row.RowKey, from) >= 0 && string.CompareOrdinal(row.RowKey, below) < 0).OrderBy(static row => row.RowKey, StringComparer.Ordinal))
        {
            foreach (var line in AuditRow.LinesOf(row))
            {
                var entry = AuditLine.Read(line);
                Assert.Equal(Convert.ToHexStringLower(previous), entry.Previous);
                Assert.Equal(entries.Count + 1, entry.Number);
                foreach (var change in entry.Rows)
                {
                    Assert.Equal(said.GetValueOrDefault(change.RowKey), change.Before);
                    said[change.RowKey] = change.After;
                }
                previous = AuditEntry.HashOf(line.Span);
                entries.Add(entry);
            }
            var last = AuditLine.Read(AuditRow.LinesOf(row)[^1]);
            Assert.Equal(AuditRow.BytesOf(row), AuditRow.BytesOf(rows[AuditKeys.ByTime(last.At, objectKey, AuditKeys.NumberOf(row.RowKey))]));
        }
        if (rows.TryGetValue(homeKey, out var home))
        {
            Assert.Equal((entries.Count, Convert.ToHexStringLower(previous)), ((int)AuditHead.Of(home).Number, Convert.ToHexStringLower(AuditHead.Of(home).Hash)));
        }
        Assert.All(said, pair => Assert.Equal(pair.Value, rows.TryGetValue(pair.Key, out var row) ? RowDigest.Of(row) : null));
        return entries.ToImmutable();
    }
}
