using System.Collections.Immutable;

namespace ServerlessMeta.App;

/// <summary>The timers, as the Functions host declares them and as Local drives them.</summary>
public static class TimerSchedules
{
    public const string Outbox = "outbox";
    public const string OutboxCron = "0 */5 * * * *";
    public const string Drift = "drift";
    public const string DriftCron = "0 2/5 * * * *";
    public const string Upkeep = "upkeep";
    public const string UpkeepCron = "0 3/15 * * * *";
    public const string Uploads = "uploads";
    public const string UploadsCron = "0 33 * * * *";
    public const string Audit = "audit";
    public const string AuditCron = "0 26 * * * *";
    public const string Sweep = "sweep";
    public const string SweepCron = "0 47 3 * * *";

    public static readonly ImmutableArray<TimerSchedule> All =
    [
        new(Outbox, OutboxCron, TimeSpan.FromMinutes(5), TimeSpan.Zero),
        new(Drift, DriftCron, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(2)),
        new(Upkeep, UpkeepCron, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(3)),
        new(Uploads, UploadsCron, TimeSpan.FromHours(1), TimeSpan.FromMinutes(33)),
        new(Audit, AuditCron, TimeSpan.FromHours(1), TimeSpan.FromMinutes(26)),
        new(Sweep, SweepCron, TimeSpan.FromDays(1), TimeSpan.FromMinutes(47)),
    ];
}
