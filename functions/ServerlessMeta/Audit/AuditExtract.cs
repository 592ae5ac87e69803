namespace ServerlessMeta.Audit;

/// <summary>The entries of one object as they were hashed, a line each, the first first: the same bytes as long as nothing is added.</summary>
internal sealed class AuditExtract(AuditSources sources)
{
    public async Task<byte[]> ReadAsync(string named, CancellationToken ct)
    {
        var found = await sources.LocateAsync(named, ct);
        if (!found.IsOk)
        {
            return [];
        }
        var one = found.Value.Object;
        var commits = new List<byte[]>();
        await foreach (var row in one.Partition.QueryAsync(AuditKeys.Entries(one.Key), null, 1000, ct))
        {
            commits.Add([.. AuditRow.BytesOf(row), (byte)'\n']);
        }
        // They lie the newest first.
        commits.Reverse();
        return [.. commits.SelectMany(static bytes => bytes)];
    }
}
