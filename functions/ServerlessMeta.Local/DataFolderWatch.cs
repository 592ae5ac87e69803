using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessMeta.Local;

/// <summary>Warns once when Azurite's table file grows large: near 0.45 GB Azurite fails, for it writes the file as one string.</summary>
internal sealed partial class DataFolderWatch(DataFolder folder, TimeProvider time, ILogger<DataFolderWatch> logger) : BackgroundService
{
    private const long WarnBytes = 300L * 1024 * 1024;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(2), time);
        do
        {
            if (folder.TableBytes >= WarnBytes)
            {
                LogLarge(folder.TableBytes / 1024 / 1024);
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "Table data on disk has {Megabytes} MB. Azurite fails near 450 MB: start with another --data folder, or use a storage account with --storage.")]
    private partial void LogLarge(long megabytes);
}
