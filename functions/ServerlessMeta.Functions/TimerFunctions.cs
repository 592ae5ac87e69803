using Microsoft.Azure.Functions.Worker;
using ServerlessMeta.App;

namespace ServerlessMeta.Functions;

/// <summary>One function for each of <see cref="TimerSchedules"/>.</summary>
public sealed class TimerFunctions(TimerEntry entry, TimeProvider time)
{
    [Function(TimerSchedules.Outbox)]
    public Task Outbox([TimerTrigger(TimerSchedules.OutboxCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Outbox, time.GetUtcNow(), ct);

    [Function(TimerSchedules.Drift)]
    public Task Drift([TimerTrigger(TimerSchedules.DriftCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Drift, time.GetUtcNow(), ct);

    [Function(TimerSchedules.Upkeep)]
    public Task Upkeep([TimerTrigger(TimerSchedules.UpkeepCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Upkeep, time.GetUtcNow(), ct);

    [Function(TimerSchedules.Uploads)]
    public Task Uploads([TimerTrigger(TimerSchedules.UploadsCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Uploads, time.GetUtcNow(), ct);

    [Function(TimerSchedules.Audit)]
    public Task Audit([TimerTrigger(TimerSchedules.AuditCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Audit, time.GetUtcNow(), ct);

    [Function(TimerSchedules.Sweep)]
    public Task Sweep([TimerTrigger(TimerSchedules.SweepCron)] TimerInfo timer, CancellationToken ct) => entry.TickAsync(TimerSchedules.Sweep, time.GetUtcNow(), ct);
}
