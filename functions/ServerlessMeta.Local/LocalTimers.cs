using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessMeta.App;

namespace ServerlessMeta.Local;

/// <summary>Drives the timers that Functions drives in Azure, the frequent ones more often when the command line says so.</summary>
internal sealed partial class LocalTimers(TimerEntry entry, LocalOptions options, TimeProvider time, ILogger<LocalTimers> logger) : BackgroundService
{
    private static readonly TimeSpan Frequent = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TimerSchedules.All.Select(schedule => DriveAsync(
        options.TimersEvery is { } every && schedule.Every <= Frequent ? schedule with { Every = every, Offset = TimeSpan.Zero } : schedule, stoppingToken)));

    private async Task DriveAsync(TimerSchedule schedule, CancellationToken ct)
    {
        while (true)
        {
            var due = schedule.NextAfter(time.GetUtcNow());
            await Task.Delay(due - time.GetUtcNow(), time, ct);
            try
            {
                await entry.TickAsync(schedule.Name, due, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogFailed(failed, schedule.Name);
            }
        }
    }

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "The timer {Timer} failed; it runs again when next due.")]
    private partial void LogFailed(Exception failed, string timer);
}
