using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Messages;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Runs;
using ServerlessMeta.Triggers;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.App;

/// <summary>The one entry for every timer of either host. A timer may run twice, late, or half way.</summary>
public sealed class TimerEntry(IServiceProvider services)
{
    /// <param name="timer">A name in <see cref="TimerSchedules"/>.</param>
    public Task TickAsync(string timer, DateTimeOffset due, CancellationToken ct) => timer switch
    {
        TimerSchedules.Outbox => Task.WhenAll(
            services.GetRequiredService<Outbox>().SweepAsync(ct), services.GetRequiredService<TriggerDispatcher>().SweepAsync(ct), services.GetRequiredService<WebhookDispatcher>().SweepAsync(ct)),
        TimerSchedules.Upkeep => services.GetRequiredService<RunUpkeep>().RunAsync(ct),
        TimerSchedules.Uploads => services.GetRequiredService<StagedUpkeep>().RunAsync(ct),
        TimerSchedules.Audit => services.GetRequiredService<AuditSealer>().RunAsync(ct),
        TimerSchedules.Sweep => Task.WhenAll(
            services.GetRequiredService<ContentSweep>().RunAsync(ct), services.GetRequiredService<WebhookDispatcher>().TrimAsync(ct), services.GetRequiredService<ReceiptTrim>().RunAsync(ct),
            services.GetRequiredService<RuleTimer>().TrimAsync(ct)),
        TimerSchedules.Drift => WatchAsync(ct),
        _ => throw new ArgumentException($"No timer is named '{timer}' (due {due:O}).", nameof(timer)),
    };
    // Rules look at what was computed; they are due also when computing failed.
    private async Task WatchAsync(CancellationToken ct)
    {
        try
        {
            await services.GetRequiredService<DriftTimer>().RunAsync(ct);
        }
        finally
        {
            await services.GetRequiredService<RuleTimer>().RunAsync(ct);
        }
    }
}
