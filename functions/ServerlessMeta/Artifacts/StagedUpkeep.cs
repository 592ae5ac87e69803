using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>Takes in what was put straight into storage and nobody has read yet, and forgets what never came. Each may be done twice.</summary>
public sealed class StagedUpkeep
{
    private readonly StorageClients storage;
    private readonly StagedUploads staged;

    internal StagedUpkeep(StorageClients storage, StagedUploads staged) => (this.storage, this.staged) = (storage, staged);

    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var row in storage.Files.QueryAsync<TableEntity>("sblob ne ''", 1000, cancellationToken: ct))
        {
            var state = FileRow.To(row);
            await staged.SettleAsync(state, ct);
            await staged.ExpireAsync(state, ct);
        }
    }
}
