using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>Takes in what was put straight into storage and nobody has read yet, and forgets what never came. Each may be done twice.</summary>
public sealed partial class StagedUpkeep
{
    private readonly StorageClients storage;
    private readonly StagedUploads staged;

    private readonly ILogger<StagedUpkeep> logger;

    internal StagedUpkeep(StorageClients storage, StagedUploads staged, ILogger<StagedUpkeep> logger) => (this.storage, this.staged, this.logger) = (storage, staged, logger);

    public async Task RunAsync(CancellationToken ct)
    {
        await foreach (var row in storage.Files.QueryAsync<TableEntity>("sblob ne ''", 1000, cancellationToken: ct))
        {
            var state = FileRow.To(row);
            try
            {
                await staged.SettleAsync(state, ct);
                await staged.ExpireAsync(state, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested && (failed is RequestFailedException || Outage.IsAmbiguous(failed)))
            {
                // One must not keep the others; the next time it is tried again.
                LogLeft(failed, state.Path);
            }
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "What was put straight into storage for {Path} could not be taken in.")]
    private partial void LogLeft(Exception failed, ArtifactPath path);
}
